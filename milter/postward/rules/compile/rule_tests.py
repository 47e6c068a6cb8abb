"""The tests that stand beside a rule."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postward.model.rule_action import ACTION_KINDS
from postward.rules.compile.clock import moment
from postward.rules.rule_test import RuleTest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.place import Place

MAX_TESTS = 100
_KEYS = (
    "name", "eml", "message", "mail_from", "recipients", "ip", "helo", "user", "at", "auth", "score", "tags", "groups",
    "hosted", "expect",
)  # fmt: skip
_EXPECTED = ("matches", "recipients", "actions", "reply")
_AUTH = ("spf", "dkim", "dmarc", "dmarc_policy", "arc", "arc_sealer", "iprev")
_UTC = ZoneInfo("UTC")


def rule_tests(place: Place, rule: str) -> tuple[RuleTest, ...]:
    """Read the list."""
    items = place.items()
    if len(items) > MAX_TESTS:
        raise place.fault(f"has more than {MAX_TESTS} tests")
    found: list[RuleTest] = []
    for number, item in enumerate(items, 1):
        with place.faults.collected():
            found.append(_test(item, f"{rule} {number}"))
    return tuple(found)


def _test(place: Place, usual_name: str) -> RuleTest:
    entries = place.mapping(_KEYS)
    if ("eml" in entries) == ("message" in entries):
        raise place.fault("needs one message", "write eml: PATH, or message: with the text of one below it")
    if "expect" not in entries:
        raise place.fault("expects nothing", "write expect: {matches: true}")
    expected = entries["expect"].mapping(_EXPECTED)
    if not expected:
        raise entries["expect"].fault("expects nothing", "write {matches: true}")
    return RuleTest(
        where=place.where,
        name=entries["name"].text() if "name" in entries else usual_name,
        eml=_path(entries["eml"]) if "eml" in entries else None,
        message=entries["message"].text() if "message" in entries else "",
        mail_from=_text(entries, "mail_from") if "mail_from" in entries else None,
        recipients=_texts(entries.get("recipients")) or (),
        ip=_ip(entries["ip"]) if "ip" in entries else "",
        helo=_text(entries, "helo"),
        user=_text(entries, "user"),
        at_s=moment(entries["at"], _UTC, is_end=False) if "at" in entries else None,
        auth=_auth(entries["auth"]) if "auth" in entries else MappingProxyType({}),
        score=entries["score"].number(-1_000, 1_000) if "score" in entries else 0.0,
        tags=frozenset(_texts(entries.get("tags")) or ()),
        groups=_groups(entries["groups"]) if "groups" in entries else MappingProxyType({}),
        hosted=_texts(entries.get("hosted")) or (),
        matches=expected["matches"].truth() if "matches" in expected else None,
        for_recipients=_texts(expected.get("recipients")),
        actions=_kinds(expected["actions"]) if "actions" in expected else None,
        reply=expected["reply"].text() if "reply" in expected else "",
    )


def _text(entries: Mapping[str, Place], key: str) -> str:
    return entries[key].text(may_be_empty=True) if key in entries else ""


def _texts(place: Place | None) -> tuple[str, ...] | None:
    return None if place is None else tuple(item.text() for item in place.item_or_items())


def _path(place: Place) -> Path:
    path = Path(place.path).parent / place.text()
    if not path.is_file():
        raise place.fault("there is no such file", "the path goes from the folder of the rule file")
    return path


def _ip(place: Place) -> str:
    text = place.text()
    try:
        ip_address(text)
    except ValueError:
        raise place.fault("is no IP address") from None
    return text


def _auth(place: Place) -> Mapping[str, str]:
    return MappingProxyType({name: at.text() for name, at in place.mapping(_AUTH).items()})


def _groups(place: Place) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name.lower(): _texts(at) or () for name, at in place.mapping().items()})


def _kinds(place: Place) -> tuple[str, ...]:
    return tuple(item.choice(tuple(ACTION_KINDS)) for item in place.items())
