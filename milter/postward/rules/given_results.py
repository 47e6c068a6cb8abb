# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of authentication that somebody gives, in a test or on a command line, as rules see them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from postward.rules.conditions.attributes.results import RESULTS
from postward.rules.errors import RuleFailure
from postward.rules.message.views import AuthView

if TYPE_CHECKING:
    from collections.abc import Mapping

RESULT_NAMES = tuple(field.name for field in fields(AuthView))
"""Those that may be given."""
_LIST = "dkim_domains"
_WORDS = {attribute.name: attribute.words for attribute in RESULTS}


def words_of(name: str) -> tuple[str, ...]:
    """Give the only words that a result may have; none where any text may stand."""
    return _WORDS.get(f"auth.{name}", ())


def given_results(results: Mapping[str, str]) -> AuthView:
    """Give ``{"dmarc": "fail"}`` as rules see it; ``dkim_domains`` are parted by commas.

    A domain whose signature passes makes ``dkim`` pass.  Raises RuleFailure for a name that there is not.
    """
    unknown = next((name for name in results if name not in RESULT_NAMES), None)
    if unknown is not None:
        raise RuleFailure(f"{unknown!r:.100} is not one of {', '.join(RESULT_NAMES)}")
    words = {name: value.strip().lower() for name, value in results.items() if name != _LIST}
    domains = tuple(domain.strip().lower() for domain in results.get(_LIST, "").split(",") if domain.strip())
    if domains:
        words.setdefault("dkim", "pass")
    return AuthView(**words, dkim_domains=domains)
