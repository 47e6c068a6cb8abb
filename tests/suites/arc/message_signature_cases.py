# SPDX-License-Identifier: GPL-3.0-or-later
"""Each tag of ARC-Message-Signature (RFC 8617 section 4.1.2, RFC 6376 section 3.5)."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha1
from typing import TYPE_CHECKING

from tests.signatures.reference import relaxed_body
from tests.signatures.sealer import SELECTOR, Hop, seal
from tests.signatures.signer import Recipe, Tags, base64, body_hash
from tests.suites.arc.case import BASE, Case, chain, with_message_signature
from tests.suites.arc.tag_forms import DUPLICATES, EXTRA_TAGS, LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = ("from", "to", "subject", "date")
BODY_HASH = body_hash(BASE, "relaxed")

TAGS: dict[str, tuple[Tags, str]] = {
    "a-missing": ({"a": None}, "fail"),
    "a-empty": ({"a": ""}, "fail"),
    "a-unknown": ({"a": "rsa-sha512"}, "fail"),
    "a-sha1": ({"a": "rsa-sha1"}, "fail"),
    "a-other-type": ({"a": "ed25519-sha256"}, "fail"),
    "b-missing": ({"b": None}, "fail"),
    "b-space-only": ({"b": " "}, "fail"),
    "b-not-base64": ({"b": "!!!!"}, "fail"),
    "b-bad-padding": ({"b": "a==="}, "fail"),
    "b-short": ({"b": "AAAA"}, "fail"),
    "bh-missing": ({"bh": None}, "fail"),
    "bh-empty": ({"bh": ""}, "fail"),
    "bh-not-base64": ({"bh": "*"}, "fail"),
    "bh-short": ({"bh": "AAAA"}, "fail"),
    "bh-space-inside": ({"bh": f"{BODY_HASH[:9]} {BODY_HASH[9:]}"}, "pass"),
    "bh-space-behind": ({"bh": f"{BODY_HASH} "}, "pass"),
    "bh-folded": ({"bh": f"{BODY_HASH[:9]}\r\n\t{BODY_HASH[9:]}"}, "pass"),
    "bh-other": ({"bh": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, "fail"),
    "c-missing": ({"c": None}, "pass"),
    "c-space-around-equals": ({"c": None, "c ": " relaxed/relaxed"}, "pass"),
    "c-empty": ({"c": ""}, "fail"),
    "c-unknown": ({"c": "relaxed/strict"}, "fail"),
    "c-other-than-used": ({"c": "simple/simple"}, "fail"),
    "c-upper-case": ({"c": "RELAXED/Relaxed"}, "pass"),
    "d-missing": ({"d": None}, "fail"),
    "d-empty": ({"d": ""}, "fail"),
    "d-empty-label": ({"d": "sealer..example"}, "fail"),
    "d-dots-at-the-end": ({"d": "sealer..."}, "fail"),
    "d-not-a-name": ({"d": "sealer example"}, "fail"),
    "d-address": ({"d": "ann@sealer.example"}, "fail"),
    "d-upper-case": ({"d": "Sealer.EXAMPLE"}, "pass"),
    "d-long-label": ({"d": "a" * 64 + ".example"}, "fail"),
    "d-other": ({"d": "other.example"}, "fail"),
    "h-missing": ({"h": None}, "fail"),
    "h-empty": ({"h": ""}, "fail"),
    "h-upper-case-name": ({"h": None, "H": ":".join(NAMES)}, "fail"),
    "h-other-order": ({"h": ":".join(reversed(NAMES))}, "fail"),
    "i-missing": ({"i": None}, "fail"),
    "i-empty": ({"i": ""}, "fail"),
    "i-zero": ({"i": "0"}, "fail"),
    "i-word": ({"i": "a"}, "fail"),
    "i-other": ({"i": "2"}, "fail"),
    "i-upper-case-name": ({"i": None, "I": "1"}, "fail"),
    "s-missing": ({"s": None}, "fail"),
    "s-empty": ({"s": ""}, "fail"),
    "s-other": ({"s": "other"}, "fail"),
    "s-empty-label": ({"s": "a..b"}, "fail"),
    "s-looks-like-i": ({"s": "n=i=9"}, "fail"),
    "t-missing": ({"t": None}, "pass"),
    "t-empty": ({"t": ""}, "fail"),
    "t-word": ({"t": "icecream"}, "fail"),
    "t-space-inside": ({"t": "1 2345"}, "fail"),
    "t-negative": ({"t": "-1"}, "fail"),
    "x-expired": ({"x": "20000"}, "fail"),
    "x-before-t": ({"x": "1"}, "fail"),
    "v-present": ({"v": "1"}, "pass"),
    "l-too-long": ({"l": "100000"}, "fail"),
    "l-empty": ({"l": ""}, "fail"),
}

EDITS = {
    "b-empty": (rb"( b=)[^;]+", rb"\1", "fail"),
    "b-changed": (rb"( b=)(.)(.)", rb"\1\3\2", "fail"),
    "b-space-inside": (rb"( b=.{9})", rb"\1 ", "pass"),
    "b-folded": (rb"( b=.{9})", rb"\1\r\n    ", "pass"),
}
"""What happens to a message signature once it is made and before it is sealed, so that its seal is sound."""


def cases() -> Iterator[Case]:
    for name, (tags, expect) in TAGS.items():
        yield Case(id=f"ams-{name}", section="4.1.2", expect=expect, raw=with_message_signature(tags))
    for name, (pattern, replacement, expect) in EDITS.items():
        raw = seal(BASE, Hop(instance=1, edit=_edit(pattern, replacement)))
        yield Case(id=f"ams-{name}", section="RFC 6376 3.5", expect=expect, raw=raw)
    yield from _forms()
    yield from _canonicalizations()
    yield from _signed_names()
    yield from _older()


def _edit(pattern: bytes, replacement: bytes) -> Callable[[bytes], bytes]:
    def edit(signature: bytes) -> bytes:
        edited = re.sub(pattern, replacement, signature, count=1)
        assert edited != signature
        return edited

    return edit


def _forms() -> Iterator[Case]:
    for name, (layout, expect) in LAYOUTS.items():
        raw = with_message_signature({}, Recipe(layout=layout))
        yield Case(id=f"ams-layout-{name}", section="RFC 6376 3.2", expect=expect, raw=raw)
    for name, (tag, value, expect) in EXTRA_TAGS.items():
        raw = with_message_signature({tag: value})
        yield Case(id=f"ams-tag-{name}", section="RFC 6376 3.2", expect=expect, raw=raw)
    for tag in DUPLICATES:
        raw = with_message_signature({f"z=x; {tag}": "1"})
        yield Case(id=f"ams-duplicate-{tag}", section="RFC 6376 3.2", expect="fail", raw=raw)
    raw = with_message_signature({"z=x; s": SELECTOR})
    yield Case(id="ams-repeated-s", section="RFC 6376 3.2", expect="fail", raw=raw)
    raw = with_message_signature({"a": "rsa-sha1", "bh": _sha1_body_hash()}, Recipe(sha1=True))
    yield Case(id="ams-a-sha1-and-signed-so", section="RFC 8301 3.1", expect="fail", raw=raw)
    raw = chain(2, message_signature={"bh": "invalid"})
    yield Case(id="ams-newer-bh-not-base64", section="5.2 step 4", expect="fail", raw=raw)


def _sha1_body_hash() -> str:
    return base64(sha1(relaxed_body(BASE.partition(b"\r\n\r\n")[2])).digest())  # noqa: S324 - must not be accepted


def _canonicalizations() -> Iterator[Case]:
    for header in ("simple", "relaxed"):
        for body in ("simple", "relaxed"):
            raw = with_message_signature({}, Recipe(header=header, body=body))
            yield Case(id=f"ams-c-{header}-{body}", section="RFC 6376 3.4", expect="pass", raw=raw)
            with_results = ("From", "To", "Date", "Subject", "MIME-Version", "ARC-Authentication-Results")
            raw = with_message_signature({}, Recipe(header=header, body=body, names=with_results))
            yield Case(id=f"ams-c-{header}-{body}-with-results", section="RFC 6376 3.4", expect="pass", raw=raw)
        raw = with_message_signature({"c": header}, Recipe(header=header, body="simple"))
        yield Case(id=f"ams-c-{header}-alone", section="RFC 6376 3.5", expect="pass", raw=raw)
    raw = with_message_signature({"c": None}, Recipe(header="simple", body="simple"))
    yield Case(id="ams-c-missing-simple", section="RFC 6376 3.5", expect="pass", raw=raw)
    raw = with_message_signature({"l": None}, Recipe(body_length=10))
    yield Case(id="ams-l-not-said", section="RFC 6376 3.5", expect="fail", raw=raw)
    raw = with_message_signature({"l": "10"}, Recipe(body_length=10))
    yield Case(id="ams-l-10", section="RFC 6376 3.5", expect="pass", raw=raw)


def _signed_names() -> Iterator[Case]:
    for name, names, expect in (
        ("all", ("mime-version", "received", "message-id", *NAMES), "pass"),
        ("from-alone", ("from",), "pass"),
        ("without-from", ("to", "subject"), "fail"),
        ("not-there", (*NAMES, "reply-to"), "pass"),
        ("not-there-twice", ("reply-to", *NAMES, "reply-to"), "pass"),
        ("own-results", (*NAMES, "arc-authentication-results"), "pass"),
        ("oversigned", ("from", "from", "from", "to"), "pass"),
        ("upper-case", ("From", "TO"), "pass"),
        ("blank", ("from", "", "to"), "pass"),
        ("spaces", (" from ", " to ", "\r\n subject "), "pass"),
    ):
        raw = with_message_signature({}, Recipe(names=names))
        yield Case(id=f"ams-h-{name}", section="RFC 6376 5.4", expect=expect, raw=raw)
    for name, names, expect in (
        ("seal", (*NAMES, "arc-seal"), "fail"),
        ("seal-upper-case", (*NAMES, "ARC-Seal"), "fail"),
        ("message-signature", (*NAMES, "arc-message-signature"), "pass"),
        ("results", (*NAMES, "arc-authentication-results"), "pass"),
    ):
        raw = chain(2, recipe=Recipe(names=names))
        yield Case(id=f"ams-h-{name}", section="4.1.2", expect=expect, raw=raw)
    empty = with_message_signature({"h": ""}, Recipe(names=()))
    yield Case(id="ams-h-empty-and-signed-so", section="public suite", expect="pass", raw=empty)
    yield from _selection()
    ed25519 = replace(Recipe(), key="ed25519")
    yield Case(id="ams-ed25519-key-absent", section="RFC 8463", expect="fail", raw=with_message_signature({}, ed25519))


def _selection() -> Iterator[Case]:
    """Which field a name in h= stands for (RFC 6376 section 5.4.2)."""
    spaced = with_message_signature({}, Recipe(names=("from ", " to ", " date")))
    refolded = spaced.replace(b" : to : ", b" :\r\n          to : ")
    assert refolded != spaced
    yield Case(id="ams-h-spaces-refolded", section="RFC 6376 3.5", expect="pass", raw=refolded)
    absent = with_message_signature({}, Recipe(names=(*NAMES, "reply-to")))
    added = absent.replace(b"MIME-Version", b"Reply-To: eve@example.com\r\nMIME-Version")
    yield Case(id="ams-h-not-there-and-added", section="RFC 6376 5.4", expect="fail", raw=added)
    upper, lower = b"To: one@example.net\r\n", b"To: two@example.net\r\n"
    twice = BASE.replace(b"To: arc@lists.example.net\r\n", upper + lower)
    signed = seal(twice, Hop(instance=1, recipe=Recipe(names=("from", "to", "to"))))
    assert upper + lower in signed
    yield Case(id="ams-h-twice", section="RFC 6376 5.4.2", expect="pass", raw=signed)
    exchanged = signed.replace(upper + lower, lower + upper)
    yield Case(id="ams-h-twice-and-exchanged", section="RFC 6376 5.4.2", expect="fail", raw=exchanged)


def _older() -> Iterator[Case]:
    """A message signature below the newest may fail: the message was changed, and sealed again."""
    broken = seal(BASE, Hop(instance=1, message_signature={"b": "AAAA"}), Hop(instance=2))
    yield Case(id="ams-older-broken", section="5.2 step 5", expect="pass", raw=broken)
    unreadable = seal(BASE, Hop(instance=1, message_signature={"h": None}), Hop(instance=2))
    yield Case(id="ams-older-unreadable", section="5.2 step 5", expect="pass", raw=unreadable)
