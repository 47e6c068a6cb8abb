# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL queries and LDAP filters with places for values, which are known by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import PlainValidator

from postward.config.closest import closest
from postward.config.schema.section import checked_text, fault

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_LENGTH = 10_000
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SQL = ":{}"
_LDAP = "{{{}}}"


def _parser(places: re.Pattern[str], form: str, names: tuple[str, ...]) -> Callable[[object], str | None]:
    def parse(value: object) -> str | None:
        if value is None:
            return None
        text = checked_text(value)
        if len(text) > _MAX_LENGTH or not text.strip():
            raise fault("is no query")
        found = places.findall(text)
        unknown = next((name for name in found if name not in names), None)
        known = ", ".join(form.format(name) for name in names)
        if unknown is not None:
            near = closest(unknown, names)
            hint = f"did you mean {form.format(near)}?" if near else f"known here: {known or 'none'}"
            raise fault("asks for a value that there is not", hint)
        if names and not found:
            raise fault("gives the same for every question", f"use one of {known}")
        return text

    return parse


def query(*names: str) -> PlainValidator:
    """Of an SQL query that takes the values ``names`` as ``:name``, at least one of them where there are any."""
    return PlainValidator(_parser(_PARAMETER, _SQL, names))


def search_filter(*names: str) -> PlainValidator:
    """Of an LDAP filter that takes the values ``names`` as ``{name}``, at least one of them where there are any."""
    return PlainValidator(_parser(_PLACEHOLDER, _LDAP, names))
