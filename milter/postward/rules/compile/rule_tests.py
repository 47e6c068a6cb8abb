# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests that stand beside a rule."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postward.model.rule_action import ACTION_KINDS
from postward.rules.compile.clock import moment
from postward.rules.compile.fields import Fields
from postward.rules.compile.reputation import reputation_of_test
from postward.rules.given_results import RESULT_NAMES, words_of
from postward.rules.rule_test import RuleTest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.place import Place

MAX_TESTS = 100
_KEYS = (
    "name", "eml", "message", "mail_from", "recipients", "ip", "helo", "user", "at", "auth", "reputation", "score",
    "tags", "groups", "hosted", "expect",
)  # fmt: skip
_EXPECTED = ("matches", "recipients", "actions", "reply")
_UTC = ZoneInfo("UTC")
_NONE_GIVEN: Mapping[str, str] = MappingProxyType({})


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
    fields = Fields(place, _KEYS)
    if ("eml" in fields) == ("message" in fields):
        raise place.fault("needs one message", "write eml: PATH, or message: with the text of one below it")
    if "expect" not in fields:
        raise place.fault("expects nothing", "write expect: {matches: true}")
    expected = fields.read("expect", _expected, _NOTHING)
    test = RuleTest(
        where=place.where,
        name=fields.read("name", _text, usual_name),
        eml=fields.read("eml", _path, None),
        message=fields.read("message", _text, ""),
        mail_from=fields.read("mail_from", _text, None),
        recipients=fields.read("recipients", _texts, ()),
        ip=fields.read("ip", _ip, ""),
        helo=fields.read("helo", _text, ""),
        user=fields.read("user", _text, ""),
        at_s=fields.read("at", lambda at: moment(at, _UTC, is_end=False), None),
        auth=fields.read("auth", _auth, _NONE_GIVEN),
        reputation=fields.read("reputation", reputation_of_test, None),
        score=fields.read("score", lambda at: at.number(-1_000, 1_000), 0.0),
        tags=frozenset(fields.read("tags", _texts, ())),
        groups=fields.read("groups", _groups, MappingProxyType({})),
        hosted=fields.read("hosted", _texts, ()),
        matches=expected.matches,
        for_recipients=expected.recipients,
        actions=expected.actions,
        reply=expected.reply,
    )
    fields.finish()
    return test


@dataclass(frozen=True, slots=True)
class _Expected:
    matches: bool | None = None
    recipients: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    reply: str = ""


_NOTHING = _Expected()


def _expected(place: Place) -> _Expected:
    fields = Fields(place, _EXPECTED)
    expected = _Expected(
        matches=fields.read("matches", lambda at: at.truth(), None),
        recipients=fields.read("recipients", _texts, None),
        actions=fields.read("actions", _kinds, None),
        reply=fields.read("reply", lambda at: at.text(), ""),
    )
    fields.finish()
    if expected == _NOTHING:
        raise place.fault("expects nothing", "write {matches: true}")
    return expected


def _text(place: Place) -> str:
    return place.text(may_be_empty=True)


def _texts(place: Place) -> tuple[str, ...]:
    return tuple(item.text() for item in place.item_or_items())


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
    return MappingProxyType({name: _result(name, at) for name, at in place.mapping(RESULT_NAMES).items()})


def _result(name: str, place: Place) -> str:
    words = words_of(name)
    return place.choice(words) if words else place.text()


def _groups(place: Place) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name.lower(): _texts(at) for name, at in place.mapping().items()})


def _kinds(place: Place) -> tuple[str, ...]:
    return tuple(item.choice(tuple(ACTION_KINDS)) for item in place.items())
