# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain that a term names, in the shape in which it travels through pyspf."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.authn.spf.macro import DomainSpec

NO_NAME = "\N{REPLACEMENT CHARACTER}"
"""Expansion of a domain that can match nothing: no name of DNS equals it or ends in it, and nobody can ask for it."""


class Target:
    """A domain-spec that is expanded each time it is used, under the domain that is evaluated at that moment.

    pyspf would expand while it reads the record, and so ask for the client's names (``%{p}``) on behalf of terms that
    are never evaluated.
    """

    __slots__ = ("_spec", "_value_of", "is_redirect", "matches_nothing")

    def __init__(self, spec: DomainSpec, value_of: Callable[[str], str], *, is_redirect: bool = False) -> None:
        self._spec = spec
        self._value_of = value_of
        self.is_redirect = is_redirect
        # RFC 8616 section 4: terms with %{s} or %{l} match nothing where the local part is not ASCII.
        self.matches_nothing = spec.names_local_part and not value_of("l").isascii()

    def expand(self) -> str:
        """The name, 253 octets at most."""
        return NO_NAME if self.matches_nothing else self._spec.expand(self._value_of)

    def lower(self) -> str:
        """The name in lower case: all that pyspf's ``domainmatch`` asks of the domain of a ptr."""
        return self.expand().lower()

    def __str__(self) -> str:
        # pyspf names the domain of an include in its message.
        return self.expand()
