# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing: whatever our users write, the signature is right, and nothing of theirs gets into its field."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from postward.authn.dkim import BodyDigests
from postward.signing.dkim_sign import DkimSigningSettings, sign_message
from postward.signing.keyring import DomainKeyring, KeyBinding
from postward.signing.loaded_key import PrivateKey
from postward.signing.signed_fields import SignedFieldSettings
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import LINE_OCTETS, NAMES, OCTETS
from tests.signatures import keys
from tests.signatures.checker import is_right, signature_tags
from tests.signatures.message import read_message

NOW_S = 1.7e9
KEYRING = DomainKeyring(
    [KeyBinding(pattern="*", selector="sel", private_key=PrivateKey(keys.private_key("ed25519")))], subdomains=True
)
FIELDS = st.lists(
    st.tuples(
        st.sampled_from([b"From", b"To", b"to ", b"SUBJECT", b"Reply-To", b"Date", b"DKIM-Signature", b"X-Own", b"x-"]),
        st.lists(LINE_OCTETS, min_size=1, max_size=4).map(b"\r\n ".join),
    ),
    max_size=10,
)
WAYS = st.sampled_from(["relaxed", "simple"])
_FOLDED = re.compile(rb"[!-~]+(?:(?:\r\n)? [!-~]+)*")


@fuzz(fields=FIELDS, body=OCTETS, domain=NAMES, header=WAYS, body_way=WAYS)
def test_our_signature_is_right_and_says_nothing_else(fields, body, domain, header, body_way):
    raw = b"".join(name + b":" + value + b"\r\n" for name, value in fields) + b"\r\n" + body
    settings = DkimSigningSettings(
        header_canonicalization=header,
        body_canonicalization=body_way,
        fields=SignedFieldSettings(oversigned=(b"from", b"subject"), extra=(b"x-own",)),
    )
    headers, content = read_message(raw)
    found = KEYRING.keys_for(domain, "", NOW_S)
    additions = sign_message(headers, BodyDigests(content), found, settings, author_domain=domain, now_s=NOW_S)
    for addition in additions:
        assert _FOLDED.fullmatch(addition.value)
        assert list(signature_tags(addition.value)) == ["v", "a", "c", "d", "s", "t", "h", "bh", "b"]
        assert is_right(b"DKIM-Signature: " + addition.value + b"\r\n" + raw, "ed25519")
