# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain that somebody has registered, of any host name (https://publicsuffix.org/list/)."""

from __future__ import annotations

import gc
import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SYSTEM_LIST = Path("/usr/share/publicsuffix/public_suffix_list.dat")
"""Of the Debian package publicsuffix, which is kept up to date."""
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}+\.)*+(?![0-9]+\Z)[a-z0-9_-]{1,63}+", re.ASCII)
"""The last label is no number, or it would be an address (URL Standard, 3.6)."""
_MAX_CHARACTERS = 253
_REMEMBERED = 8_192


class PublicSuffixes:
    """Knows under which names people register domains.

    The list has a part of private suffixes, under which a company gives names to its customers (blogspot.com,
    github.io).  They count, since ``good.github.io`` and ``bad.github.io`` belong to different people.  Such a suffix
    by itself is the domain of that company.  Of a top-level domain that is not in the list the last label is the
    suffix, as the list's own algorithm says.
    """

    def __init__(self, suffix_of: Callable[[str, bool], str]) -> None:
        """``suffix_of(host, with private ones)`` is "" where the list has none."""
        self._suffix_of = suffix_of
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._registered)

    def organizational_domain(self, host: str) -> str:
        """The registered domain of a host name in A-labels; "" for a suffix, an address and what is no name."""
        return self._remembered(host.lower().removesuffix(".")) if len(host) <= _MAX_CHARACTERS + 1 else ""

    def is_suffix(self, host: str) -> bool:
        """Others register their names under it, and nobody has it himself: "com", "co.uk", but not "github.io"."""
        name = host.lower().removesuffix(".")
        return self._is_name(name) and not self._remembered(name)

    def _registered(self, name: str) -> str:
        if not self._is_name(name):
            return ""
        return self._below(name, is_private=True) or self._below(name, is_private=False)

    def _below(self, name: str, *, is_private: bool) -> str:
        """The suffix and one label more; "" where the name has no more."""
        suffix = self._suffix_of(name, is_private) or name.rpartition(".")[2]
        rest = name.removesuffix(suffix).rstrip(".")
        return f"{rest.rpartition('.')[2]}.{suffix}" if rest else ""

    @staticmethod
    def _is_name(name: str) -> bool:
        return len(name) <= _MAX_CHARACTERS and _NAME.fullmatch(name) is not None


def open_suffixes(system_list: Path = _SYSTEM_LIST) -> PublicSuffixes:
    """Read the list of this system, or that of the library where there is none in it; never asks the network.

    It takes some tenths of a second, and the list stays in memory: call it once, before the workers are forked.
    """
    return PublicSuffixes(_of_system(system_list) or _reader(()))


def _of_system(system_list: Path) -> Callable[[str, bool], str] | None:
    """None where there is no list, or nothing in it."""
    if not system_list.is_file():
        return None
    try:
        suffix_of = _reader((system_list.as_uri(),))
    except ValueError:
        return None
    return suffix_of if suffix_of("example.com", True) else None  # noqa: FBT003 - called by position


def _reader(urls: tuple[str, ...]) -> Callable[[str, bool], str]:
    from tldextract import TLDExtract  # noqa: PLC0415 - it imports an HTTP client, which takes its time

    # Nothing is kept on disk, and no list on the network is named.
    extract = TLDExtract(cache_dir=None, suffix_list_urls=urls, fallback_to_snapshot=True)

    def suffix_of(host: str, with_private: bool) -> str:
        return extract(host, include_psl_private_domains=with_private).suffix

    with warnings.catch_warnings():
        # The library leaves the file that it has read to the garbage collector, which would complain.
        warnings.simplefilter("ignore", ResourceWarning)
        suffix_of("example.com", True)  # noqa: FBT003 - the list is read now
        gc.collect()
    return suffix_of
