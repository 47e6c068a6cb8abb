# SPDX-License-Identifier: GPL-3.0-or-later
"""Each tag of ARC-Seal, and what it covers (RFC 8617 sections 4.1.3 and 5.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.signatures.sealer import SELECTOR, Hop, arc_fields, seal
from tests.suites.arc.case import BASE, Case, chain, with_seal
from tests.suites.arc.tag_forms import DUPLICATES, EXTRA_TAGS, LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.signatures.signer import Tags

TAGS: dict[str, tuple[Tags, str]] = {
    "a-missing": ({"a": None}, "fail"),
    "a-empty": ({"a": ""}, "fail"),
    "a-unknown": ({"a": "rsa-sha3"}, "fail"),
    "a-sha1": ({"a": "rsa-sha1"}, "fail"),
    "a-other-type": ({"a": "ed25519-sha256"}, "fail"),
    "b-missing": ({"b": None}, "fail"),
    "b-space-only": ({"b": " "}, "fail"),
    "b-not-base64": ({"b": "!!!!"}, "fail"),
    "b-bad-padding": ({"b": "a==="}, "fail"),
    "b-short": ({"b": "AAAA"}, "fail"),
    "d-missing": ({"d": None}, "fail"),
    "d-empty": ({"d": ""}, "fail"),
    "d-empty-label": ({"d": "sealer..example"}, "fail"),
    "d-not-a-name": ({"d": "sealer example"}, "fail"),
    "d-stars": ({"d": "***"}, "fail"),
    "d-upper-case": ({"d": "SEALER.example"}, "pass"),
    "d-other": ({"d": "other.example"}, "fail"),
    "h-present": ({"h": "from:to"}, "fail"),
    "h-empty": ({"h": ""}, "fail"),
    "i-missing": ({"i": None}, "fail"),
    "i-space-behind": ({"i": "1 "}, "pass"),
    "i-space-around-equals": ({"i": None, "i ": " 1"}, "pass"),
    "i-empty": ({"i": ""}, "fail"),
    "i-zero": ({"i": "0"}, "fail"),
    "i-word": ({"i": "one"}, "fail"),
    "i-other": ({"i": "2"}, "fail"),
    "i-upper-case-name": ({"i": None, "I": "1"}, "fail"),
    "s-missing": ({"s": None}, "fail"),
    "s-empty": ({"s": ""}, "fail"),
    "s-other": ({"s": "other"}, "fail"),
    "s-upper-case-name": ({"s": None, "S": "arc"}, "fail"),
    "t-missing": ({"t": None}, "pass"),
    "t-empty": ({"t": ""}, "fail"),
    "t-word": ({"t": "icecream"}, "fail"),
    "t-space-inside": ({"t": "1 2345"}, "fail"),
    "t-negative-fraction": ({"t": "-1.5"}, "fail"),
    "bh-present": ({"bh": "AAAA"}, "pass"),
    "c-present": ({"c": "simple/simple"}, "pass"),
    "v-present": ({"v": "1"}, "pass"),
}


def cases() -> Iterator[Case]:
    for name, (tags, expect) in TAGS.items():
        yield Case(id=f"as-{name}", section="4.1.3", expect=expect, raw=with_seal(tags))
    yield from _forms()
    yield from _scope()
    yield from _older()


def _forms() -> Iterator[Case]:
    for name, (layout, expect) in LAYOUTS.items():
        raw = with_seal({}, seal_layout=layout)
        yield Case(id=f"as-layout-{name}", section="RFC 6376 3.2", expect=expect, raw=raw)
    for name, (tag, value, expect) in EXTRA_TAGS.items():
        yield Case(id=f"as-tag-{name}", section="RFC 6376 3.2", expect=expect, raw=with_seal({tag: value}))
    for tag in DUPLICATES:
        raw = with_seal({f"z=x; {tag}": "1"})
        yield Case(id=f"as-duplicate-{tag}", section="RFC 6376 3.2", expect="fail", raw=raw)
    yield Case(id="as-repeated-s", section="RFC 6376 3.2", expect="fail", raw=with_seal({"z=x; s": SELECTOR}))
    yield Case(id="as-a-sha1-and-sealed-so", section="RFC 8301 3.1", expect="fail", raw=with_seal({}, seal_sha1=True))


def _scope() -> Iterator[Case]:
    yield Case(id="as-without-the-sets-below", section="5.1.1", expect="fail", raw=chain(2, below=()))
    first = arc_fields(chain(1))
    yield Case(id="as-sets-below-reversed", section="5.1.1", expect="fail", raw=chain(2, below=tuple(first[::-1])))
    yield Case(id="as-sets-below-in-order", section="5.1.1", expect="pass", raw=chain(2, below=tuple(first)))


def _older() -> Iterator[Case]:
    for name, tags in (
        ("broken", {"b": "AAAA"}),
        ("not-base64", {"b": "a==="}),
        ("sha1", {"a": "rsa-sha1"}),
        ("h", {"h": "from"}),
    ):
        raw = seal(BASE, Hop(instance=1, seal=tags), Hop(instance=2))
        yield Case(id=f"as-older-{name}", section="5.2 step 6", expect="fail", raw=raw)
        raw = seal(BASE, Hop(instance=1), Hop(instance=2, seal=tags), Hop(instance=3))
        yield Case(id=f"as-middle-{name}", section="5.2 step 6", expect="fail", raw=raw)
    other = seal(BASE, Hop(instance=1, seal_key="rsa2048-other"), Hop(instance=2))
    yield Case(id="as-older-other-key", section="5.2 step 6", expect="fail", raw=other)
