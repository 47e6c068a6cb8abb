"""Each tag of ARC-Message-Signature (RFC 8617 section 4.1.2, RFC 6376 section 3.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.signatures.sealer import Hop, seal
from tests.signatures.signer import Recipe, Tags
from tests.suites.arc.case import BASE, Case, chain, with_message_signature
from tests.suites.arc.tag_forms import DUPLICATES, EXTRA_TAGS, LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("from", "to", "subject", "date")

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
    "bh-other": ({"bh": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, "fail"),
    "c-missing": ({"c": None}, "pass"),
    "c-empty": ({"c": ""}, "fail"),
    "c-unknown": ({"c": "relaxed/strict"}, "fail"),
    "c-other-than-used": ({"c": "simple/simple"}, "fail"),
    "c-upper-case": ({"c": "RELAXED/Relaxed"}, "pass"),
    "d-missing": ({"d": None}, "fail"),
    "d-empty": ({"d": ""}, "fail"),
    "d-empty-label": ({"d": "sealer..example"}, "fail"),
    "d-not-a-name": ({"d": "sealer example"}, "fail"),
    "d-address": ({"d": "ann@sealer.example"}, "fail"),
    "d-upper-case": ({"d": "Sealer.EXAMPLE"}, "pass"),
    "d-long-label": ({"d": "a" * 64 + ".example"}, "fail"),
    "d-other": ({"d": "other.example"}, "fail"),
    "h-missing": ({"h": None}, "fail"),
    "h-empty": ({"h": ""}, "fail"),
    "i-missing": ({"i": None}, "fail"),
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
    "t-negative": ({"t": "-1"}, "fail"),
    "x-expired": ({"x": "20000"}, "fail"),
    "x-before-t": ({"x": "1"}, "fail"),
    "v-present": ({"v": "1"}, "pass"),
    "l-too-long": ({"l": "100000"}, "fail"),
    "l-empty": ({"l": ""}, "fail"),
}


def cases() -> Iterator[Case]:
    for name, (tags, expect) in TAGS.items():
        yield Case(id=f"ams-{name}", section="4.1.2", expect=expect, raw=with_message_signature(tags))
    yield from _forms()
    yield from _canonicalizations()
    yield from _signed_names()
    yield from _older()


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


def _canonicalizations() -> Iterator[Case]:
    for header in ("simple", "relaxed"):
        for body in ("simple", "relaxed"):
            raw = with_message_signature({}, Recipe(header=header, body=body))
            yield Case(id=f"ams-c-{header}-{body}", section="RFC 6376 3.4", expect="pass", raw=raw)
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
    ed25519 = replace(Recipe(), key="ed25519")
    yield Case(id="ams-ed25519-key-absent", section="RFC 8463", expect="fail", raw=with_message_signature({}, ed25519))


def _older() -> Iterator[Case]:
    """A message signature below the newest may fail: the message was changed, and sealed again."""
    broken = seal(BASE, Hop(instance=1, message_signature={"b": "AAAA"}), Hop(instance=2))
    yield Case(id="ams-older-broken", section="5.2 step 5", expect="pass", raw=broken)
    unreadable = seal(BASE, Hop(instance=1, message_signature={"a": "x", "h": None}), Hop(instance=2))
    yield Case(id="ams-older-unreadable", section="5.2 step 5", expect="pass", raw=unreadable)
