# SPDX-License-Identifier: GPL-3.0-or-later
"""All keys of this host, and which of them sign for an author's domain at a given time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.errors import KeysUnusable
from postward.signing.loaded_key import LoadedKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from postward.signing.loaded_key import PrivateKey

_ANY_DOMAIN = "*"
_DOMAIN_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
"""What may stand in d= and i=; a From field can name domains of other characters, a semicolon among them."""


def is_wildcard(pattern: str) -> bool:
    """Tell a pattern that stands for many domains from one domain."""
    return pattern.startswith(_ANY_DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBinding:
    """One key as configured: whose mail it signs, under which name, and when."""

    pattern: str
    """A domain, ``*.`` and a domain for all below it, or ``*``; A-labels in lower case."""
    selector: str
    private_key: PrivateKey | None
    """None where the key cannot be used, whatever the reason."""
    tenant: str | None = None
    """Only mail of this tenant; None for any."""
    signing_domain: str | None = None
    """d=; None for the domain of the pattern, or the author's own where the pattern is a wildcard."""
    signs_from_s: int | None = None
    signs_until_s: int | None = None
    """Unix times between which it signs; None for no bound."""

    @property
    def published_domain(self) -> str | None:
        """The one domain under which it signs; None where it is that of each author."""
        if self.signing_domain is not None:
            return self.signing_domain
        return None if is_wildcard(self.pattern) else self.pattern

    def signing_domain_for(self, author_domain: str) -> str:
        """Give d= of a signature for ``author_domain``."""
        return self.published_domain or author_domain


class DomainKeyring:
    """A Keyring.

    ``subdomains``: the keys of a domain also sign for those below it that have none.  ``is_complete`` is False where
    it could not be found out which domains have keys: then none is known to have none.
    """

    def __init__(self, bindings: Iterable[KeyBinding], *, subdomains: bool = False, is_complete: bool = True) -> None:
        self._by_pattern: dict[str, list[KeyBinding]] = {}
        for binding in bindings:
            self._by_pattern.setdefault(binding.pattern, []).append(binding)
        self._subdomains = subdomains
        self._is_complete = is_complete

    @property
    def is_empty(self) -> bool:
        """Nobody's mail is signed."""
        return self._is_complete and not self._by_pattern

    def keys_for(self, domain: str, tenant: str, now_s: float) -> Sequence[LoadedKey]:
        """The keys that sign for ``domain`` (A-label, lower case) at Unix time ``now_s``, in the order configured.

        Empty where the domain has no keys, or has its first ones only from a later time on.  Raises KeysUnusable where
        it has keys of which none can be used.
        """
        if not _DOMAIN_NAME.fullmatch(domain):
            return ()
        bindings = self._bindings(domain, tenant)
        if not bindings and not self._is_complete:
            raise KeysUnusable(f"it is not known whether {domain} has keys, for keys_dir cannot be read")
        begun = [binding for binding in bindings if binding.signs_from_s is None or binding.signs_from_s <= now_s]
        keys = tuple(
            LoadedKey(
                domain=binding.signing_domain_for(domain), selector=binding.selector, private_key=binding.private_key
            )
            for binding in begun
            if binding.private_key is not None and (binding.signs_until_s is None or now_s < binding.signs_until_s)
        )
        if begun and not keys:
            raise KeysUnusable(f"none of the keys of {domain} can be used")
        return keys

    def _bindings(self, domain: str, tenant: str) -> Sequence[KeyBinding]:
        """The bindings of the nearest pattern that has any for this tenant; its own come before those for all."""
        for pattern in self._patterns(domain):
            bindings = self._by_pattern.get(pattern, ())
            own = [binding for binding in bindings if binding.tenant is not None and binding.tenant == tenant]
            found = own or [binding for binding in bindings if binding.tenant is None]
            if found:
                return found
        return ()

    def _patterns(self, domain: str) -> Iterator[str]:
        """From the domain itself to the one that stands for all."""
        yield domain
        parent = domain
        while "." in parent:
            parent = parent.partition(".")[2]
            yield f"*.{parent}"
            if self._subdomains:
                yield parent
        yield _ANY_DOMAIN
