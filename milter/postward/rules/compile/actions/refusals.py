# SPDX-License-Identifier: GPL-3.0-or-later
"""reject and defer: code, enhanced code and text, of one class (RFC 3463 section 2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.rule_action import Defer, Reject
from postward.rules.compile.fields import Fields
from postward.rules.compile.template import template_of

if TYPE_CHECKING:
    from postward.rules.compile.actions.template import Action, Reading
    from postward.rules.compile.place import Place

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_KEYS = ("code", "dsn", "text")
_MAX_LINES = 20
_MAX_LINE_CHARS = 400


def reject(reading: Reading) -> Action:
    """``{reject: TEXT}``, ``{reject: {code: 550, dsn: 5.7.1, text: TEXT}}``, or ``reject`` alone."""
    return _refusal(reading, Reject, (500, 599))


def defer(reading: Reading) -> Action:
    """The same with codes of class 4."""
    return _refusal(reading, Defer, (400, 499))


def _refusal(reading: Reading, kind: type[Reject | Defer], codes: tuple[int, int]) -> Action:
    usual = kind()
    if reading.place is None:
        return reading.constant(usual)
    if not reading.place.is_mapping:
        return _with_text(reading, reading.place, usual)
    fields = Fields(reading.place, _KEYS)
    code = fields.read("code", lambda at: at.whole_number(*codes), usual.code)
    enhanced = fields.read("dsn", lambda at: _enhanced(at, code), usual.enhanced)
    answer = replace(usual, code=code, enhanced=enhanced)
    action = fields.read("text", lambda at: _with_text(reading, at, answer), reading.constant(answer))
    fields.finish()
    return action


def _with_text(reading: Reading, place: Place, answer: Reject | Defer) -> Action:
    text = "\n".join(line.text() for line in place.items()) if place.is_list else place.text()
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _MAX_LINES or max(map(len, lines)) > _MAX_LINE_CHARS:
        raise place.fault(f"must be at most {_MAX_LINES} lines of {_MAX_LINE_CHARS} characters")
    template = template_of("\n".join(lines), place, reading.context, reading.captures)
    return reading.action(lambda subject, captures: replace(answer, text=template.fill(subject, captures)), template)


def _enhanced(place: Place, code: int) -> str:
    text = place.text()
    if not _ENHANCED.fullmatch(text):
        raise place.fault("is no enhanced status code", f"write {code // 100}.7.1")
    if text[0] != str(code)[0]:
        raise place.fault(f"is of another class than the code {code}", f"write {code // 100}{text[1:]}")
    return text
