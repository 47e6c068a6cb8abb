# SPDX-License-Identifier: GPL-3.0-or-later
"""add_header, set_header, remove_header and prefix_subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.rule_action import AddHeader, PrefixSubject, RemoveHeader, SetHeader
from postward.rules import header_mark
from postward.rules.compile.fields import Fields
from postward.rules.compile.header import header_name
from postward.rules.compile.template import text_template
from postward.rules.needs import Need
from postward.rules.patterns.re2_adapter import PatternError, compiled
from postward.rules.text_template import TextTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.actions.template import Action, Reading
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Subject

_MARK_NEEDS = frozenset({Need.HEADERS})


def add_header(reading: Reading) -> Action:
    """``{name: X-Field, value: TEXT}``, or ``hmac: true`` in place of a value."""
    fields = Fields(reading.operand(), ("name", "value", "hmac"))
    fields.missing("name")
    name = fields.read("name", header_name, "")
    if fields.read("hmac", lambda at: at.truth(), usual=False):
        if "value" in fields:
            raise fields["value"].key_fault("cannot stand beside hmac", "the mark is the value")
        fields.finish()
        return _mark(reading, name)
    template = _value(fields, reading)
    return reading.action(
        lambda subject, captures: AddHeader(name=name, value=template.fill(subject, captures)), template
    )


def set_header(reading: Reading) -> Action:
    """``{name: X-Field, value: TEXT}``."""
    fields = Fields(reading.operand(), ("name", "value"))
    fields.missing("name")
    name = fields.read("name", header_name, "")
    template = _value(fields, reading)
    return reading.action(
        lambda subject, captures: SetHeader(name=name, value=template.fill(subject, captures)), template
    )


def remove_header(reading: Reading) -> Action:
    """A name, or ``{name: X-Field-*, when_matches: PATTERN}``."""
    place = reading.operand()
    if not place.is_mapping:
        return reading.constant(RemoveHeader(name=_stem(place)))
    fields = Fields(place, ("name", "when_matches"))
    fields.missing("name")
    action = RemoveHeader(name=fields.read("name", _stem, ""), when_matches=fields.read("when_matches", _pattern, ""))
    fields.finish()
    return reading.constant(action)


def prefix_subject(reading: Reading) -> Action:
    """Text, or ``{text: TEXT}``."""
    place = reading.operand()
    if place.is_mapping:
        fields = Fields(place, ("text", "once"))
        fields.missing("text")
        if not fields.read("once", lambda at: at.truth(), usual=True):
            raise fields["once"].fault("a prefix is never repeated", "take the key away")
        fields.finish()
        place = fields["text"]
    template = text_template(place, reading.context, reading.captures)
    return reading.action(lambda subject, captures: PrefixSubject(text=template.fill(subject, captures)), template)


def _mark(reading: Reading, name: str) -> Action:
    def build(subject: Subject, _captures: Mapping[str, str]) -> AddHeader:
        message = subject.message
        value = header_mark.make(name, message.headers, subject.services.secret, message.now_s)
        return AddHeader(name=name, value=value)

    action = reading.action(build)
    return type(action)(kind=action.kind, build=build, needs=_MARK_NEEDS, is_whole_message=action.is_whole_message)


def _value(fields: Fields, reading: Reading) -> TextTemplate:
    """Read the value, which ends the reading of the others."""
    fields.missing("value")
    template = fields.read(
        "value", lambda at: text_template(at, reading.context, reading.captures), TextTemplate(pieces=())
    )
    fields.finish()
    return template


def _stem(place: Place) -> str:
    name = header_name(place)
    stem = name.removesuffix("*")
    if "*" in stem or not stem:
        raise place.fault("may have one * at its end, behind a part of the name")
    return name


def _pattern(place: Place) -> str:
    source = place.text()
    try:
        compiled(source)
    except PatternError as error:
        raise place.fault(str(error), error.hint) from None
    return source
