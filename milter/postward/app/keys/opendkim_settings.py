# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of opendkim.conf that change what is signed, and how Postward is told the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NO_COUNTERPART = "has no counterpart"
_COUNTERPARTS = {
    "canonicalization": "signing.canonicalization is relaxed/relaxed unless set",
    "domainkeyscompat": _NO_COUNTERPART,
    "externalignorelist": _NO_COUNTERPART,
    "identityheader": _NO_COUNTERPART,
    "internalhosts": "origin.local_networks says whose mail is signed",
    # dkimpy-milter's, which has a file of the same form.
    "keyfileed25519": "that key is not carried over, for its file has another form; postward keys rotate makes one",
    "macrolist": "mail of authenticated users and of origin.local_networks is signed; docs/keys.md says more",
    "omitheaders": "Postward signs the fields that RFC 6376 section 5.4.1 recommends",
    "oversignheaders": "signing.oversign names the fields, a longer list than OpenDKIM's",
    "senderheaders": "the domain of the From field counts, and no other",
    "sendermacro": "the domain of the From field counts, and nothing else",
    "signaturettl": "signing.expire_after_days says how long a signature is valid",
    "signheaders": "signing.extra_fields adds to the fields of RFC 6376 section 5.4.1",
    "subdomains": "signing.subdomains: true does the same for keys of keys_dir",
}


def settings_to_see_to(settings: Mapping[str, str]) -> Iterator[str]:
    """Say of each setting that is not carried over, and changes what is signed, where its counterpart is."""
    for name, value in settings.items():
        if name in _COUNTERPARTS:
            yield f"{name} {value}: {_COUNTERPARTS[name]}"
