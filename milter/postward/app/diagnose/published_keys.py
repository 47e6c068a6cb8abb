# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that DNS publishes the keys that sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok, warning
from postward.signing.loaded_key import LoadedKey
from postward.signing.published_key import look_up_publication

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.app.diagnose.finding import Finding
    from postward.app.signing_keys import ListedKey
    from postward.dns.resolver import Lookup
    from postward.errors import ConfigError

CHECK = "signing.dns"
MAX_KEYS = 200
"""Keys that are looked up; `postward keys test` looks at those of one domain."""


def check_published_keys(listed: Sequence[ListedKey], lookup: Lookup, now_s: float) -> Iterator[Finding]:
    """Compare the record of every key that signs, or is yet to sign, with it; nothing is said where there is none."""
    keys = [(key, at) for key, at in (_published(item, now_s) for item in listed) if key is not None][:MAX_KEYS]
    problems = [problem for key, at in keys if (problem := _compare(key, at, lookup)) is not None]
    yield from problems
    if keys and not problems:
        yield ok(CHECK, "receivers find the keys that sign")


def _published(listed: ListedKey, now_s: float) -> tuple[LoadedKey | None, ConfigError]:
    """The key under its name in DNS; None where it has none, cannot be used, or signs no longer."""
    binding = listed.binding
    domain = binding.published_domain
    has_ended = binding.signs_until_s is not None and binding.signs_until_s <= now_s
    if domain is None or binding.private_key is None or has_ended:
        return None, listed.at
    return LoadedKey(domain=domain, selector=binding.selector, private_key=binding.private_key), listed.at


def _compare(key: LoadedKey, at: ConfigError, lookup: Lookup) -> Finding | None:
    found = look_up_publication(key, lookup)
    told = str(replace(at, message=f"{found.name}: {found.problem}", hint=""))
    if found.is_temporary:
        return warning(CHECK, told)
    if found.problem:
        return error(CHECK, told, f"`postward keys dns {key.domain}` prints what belongs there")
    if found.is_testing:
        told = f"{found.name} says t=y: receivers may ignore the signature"
        return warning(CHECK, told, "take t=y out of the record")
    return None
