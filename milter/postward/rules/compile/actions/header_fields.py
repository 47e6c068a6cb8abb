"""add_header, set_header, remove_header and prefix_subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.rule_action import AddHeader, PrefixSubject, RemoveHeader, SetHeader
from postward.rules import header_mark
from postward.rules.compile.header import header_name
from postward.rules.compile.template import text_template
from postward.rules.needs import Need
from postward.rules.patterns.re2_adapter import PatternError, compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.actions.template import Action, Reading
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Subject

_MARK_NEEDS = frozenset({Need.HEADERS})


def add_header(reading: Reading) -> Action:
    """``{name: X-Field, value: TEXT}``, or ``hmac: true`` in place of a value."""
    entries = reading.operand().mapping(("name", "value", "hmac"))
    name = _name(reading, entries)
    if "hmac" in entries and entries["hmac"].truth():
        if "value" in entries:
            raise entries["value"].key_fault("cannot stand beside hmac", "the mark is the value")
        return _mark(reading, name)
    template = text_template(_required(reading, entries, "value"), reading.context, reading.captures)
    return reading.action(
        lambda subject, captures: AddHeader(name=name, value=template.fill(subject, captures)), template
    )


def set_header(reading: Reading) -> Action:
    """``{name: X-Field, value: TEXT}``."""
    entries = reading.operand().mapping(("name", "value"))
    name = _name(reading, entries)
    template = text_template(_required(reading, entries, "value"), reading.context, reading.captures)
    return reading.action(
        lambda subject, captures: SetHeader(name=name, value=template.fill(subject, captures)), template
    )


def remove_header(reading: Reading) -> Action:
    """A name, or ``{name: X-Field-*, when_matches: PATTERN}``."""
    place = reading.operand()
    if not place.is_mapping:
        return reading.constant(RemoveHeader(name=_stem(place)))
    entries = place.mapping(("name", "when_matches"))
    name = _stem(_required(reading, entries, "name"))
    return reading.constant(RemoveHeader(name=name, when_matches=_pattern(entries.get("when_matches"))))


def prefix_subject(reading: Reading) -> Action:
    """Text, or ``{text: TEXT}``."""
    place = reading.operand()
    if place.is_mapping:
        entries = place.mapping(("text", "once"))
        if "once" in entries and not entries["once"].truth():
            raise entries["once"].fault("a prefix is never repeated", "take the key away")
        place = _required(reading, entries, "text")
    template = text_template(place, reading.context, reading.captures)
    return reading.action(lambda subject, captures: PrefixSubject(text=template.fill(subject, captures)), template)


def _mark(reading: Reading, name: str) -> Action:
    def build(subject: Subject, _captures: Mapping[str, str]) -> AddHeader:
        message = subject.message
        value = header_mark.make(name, message.headers, subject.services.secret, message.now_s)
        return AddHeader(name=name, value=value)

    action = reading.action(build)
    return type(action)(kind=action.kind, build=build, needs=_MARK_NEEDS, is_whole_message=action.is_whole_message)


def _name(reading: Reading, entries: Mapping[str, Place]) -> str:
    return header_name(_required(reading, entries, "name"))


def _required(reading: Reading, entries: Mapping[str, Place], key: str) -> Place:
    if key not in entries:
        raise reading.operand().fault(f"has no {key}")
    return entries[key]


def _stem(place: Place) -> str:
    name = header_name(place)
    stem = name.removesuffix("*")
    if "*" in stem or not stem:
        raise place.fault("may have one * at its end, behind a part of the name")
    return name


def _pattern(place: Place | None) -> str:
    if place is None:
        return ""
    source = place.text()
    try:
        compiled(source)
    except PatternError as error:
        raise place.fault(str(error), error.hint) from None
    return source
