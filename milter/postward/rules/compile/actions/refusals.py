"""reject and defer: code, enhanced code and text, of one class (RFC 3463 section 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.model.rule_action import Defer, Reject
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
    entries = reading.place.mapping(_KEYS) if reading.place.is_mapping else {"text": reading.place}
    code = entries["code"].whole_number(*codes) if "code" in entries else usual.code
    enhanced = _enhanced(entries["dsn"], code) if "dsn" in entries else usual.enhanced
    if "text" not in entries:
        return reading.constant(kind(code=code, enhanced=enhanced))
    at = entries["text"]
    text = "\n".join(line.text() for line in at.items()) if at.is_list else at.text()
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _MAX_LINES or max(map(len, lines)) > _MAX_LINE_CHARS:
        raise at.fault(f"must be at most {_MAX_LINES} lines of {_MAX_LINE_CHARS} characters")
    template = template_of("\n".join(lines), at, reading.context, reading.captures)
    return reading.action(
        lambda subject, captures: kind(code=code, enhanced=enhanced, text=template.fill(subject, captures)), template
    )


def _enhanced(place: Place, code: int) -> str:
    text = place.text()
    if not _ENHANCED.fullmatch(text):
        raise place.fault("is no enhanced status code", f"write {code // 100}.7.1")
    if text[0] != str(code)[0]:
        raise place.fault(f"is of another class than the code {code}", f"write {code // 100}{text[1:]}")
    return text
