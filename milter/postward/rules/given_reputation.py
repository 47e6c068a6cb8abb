# SPDX-License-Identifier: GPL-3.0-or-later
"""A reputation that somebody gives, in a test or on a command line, as rules see it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.identity import IdentityKind
from postward.rules.errors import RuleFailure
from postward.rules.message.reputation_view import IdentityView, ReputationView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BOUNDS: Mapping[str, float] = MappingProxyType(
    {"bad_percent": 100.0, "surely_bad_percent": 100.0, "confidence": 1.0, "messages": 1e15, "grave": 1e15}
)
"""The numbers of an identity, and the greatest that each may be; the least is 0."""
_ALIASES = {"network": IdentityKind.NETWORK.value}
GIVEN_KINDS = (*(kind.value for kind in IdentityKind if kind is not IdentityKind.ALL), *_ALIASES)
_USUAL_MESSAGES, _SURE = 1_000.0, 1.0


def given_reputation(numbers: Mapping[str, Mapping[str, float]], *, is_correspondent: bool = False) -> ReputationView:
    """Give ``{"ip": {"bad_percent": 40}}`` as rules see it.

    What is not said is taken for well known: by a thousand messages, with full confidence, and surely as bad as it is.
    """
    found = {_ALIASES.get(kind, kind): values for kind, values in numbers.items()}
    return ReputationView(
        identities=MappingProxyType({kind: _identity(kind, values) for kind, values in found.items()}),
        is_correspondent=is_correspondent,
    )


def read_given(texts: Iterable[str], *, is_correspondent: bool = False) -> ReputationView | None:
    """Read ``ip:bad_percent=40`` and others like it; None where nothing is given.  Raises RuleFailure."""
    numbers: dict[str, dict[str, float]] = {}
    for text in texts:
        kind, name, number = _read(text)
        numbers.setdefault(kind, {})[name] = number
    if not numbers and not is_correspondent:
        return None
    return given_reputation(numbers, is_correspondent=is_correspondent)


def _read(text: str) -> tuple[str, str, float]:
    kind, colon, rest = text.partition(":")
    name, sign, value = rest.partition("=")
    if not (colon and sign) or kind not in GIVEN_KINDS or name not in BOUNDS:
        raise RuleFailure(
            f"{text!r:.100} is not KIND:NAME=NUMBER, with a kind of {', '.join(GIVEN_KINDS)}"
            f" and a name of {', '.join(BOUNDS)}"
        )
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= BOUNDS[name]:
        raise RuleFailure(f"{text!r:.100}: the number must be from 0 to {BOUNDS[name]:g}")
    return _ALIASES.get(kind, kind), name, number


def _identity(kind: str, values: Mapping[str, float]) -> IdentityView:
    bad = values.get("bad_percent", values.get("surely_bad_percent", 0.0))
    return IdentityView(
        kind=kind,
        bad_percent=bad,
        surely_bad_percent=values.get("surely_bad_percent", bad),
        confidence=values.get("confidence", _SURE),
        messages=values.get("messages", _USUAL_MESSAGES),
        grave=values.get("grave", 0.0),
    )
