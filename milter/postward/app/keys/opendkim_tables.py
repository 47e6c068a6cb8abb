# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenDKIM's configuration, KeyTable and SigningTable, as far as they can be carried over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_FILE_BYTES = 4 * 1024 * 1024
_MAX_LINES = 100_000
_MAX_LABELS = 127
_FILE_STARTS = ("/", "./", "../")
_YES = frozenset({"yes", "true", "1", "on"})
_DATA_BASE = re.compile(r"[a-z]+:")
_FILE_KINDS = ("refile:", "file:")
AUTHOR_DOMAIN = "%"
"""Stands for the domain of the From field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDkimKey:
    """One line of KeyTable; ``%`` in it stands for the author's domain."""

    name: str
    domain: str
    selector: str
    file: str

    def of_author(self, domain: str) -> OpenDkimKey:
        """The key as it is for an author of ``domain``, a checked name (opendkim.conf(5), KeyTable)."""
        signing_domain = domain if self.domain == AUTHOR_DOMAIN else self.domain
        return replace(self, domain=signing_domain, file=self.file.replace(AUTHOR_DOMAIN, domain))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDkimSigner:
    """One line of SigningTable."""

    pattern: str
    key_name: str
    place: str
    """File and line, and what stands there first."""


@dataclass(slots=True)
class OpenDkimSetup:
    """All that was read, and what of it could not be."""

    keys: dict[str, OpenDkimKey] = field(default_factory=dict)
    signers: list[OpenDkimSigner] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """In words, each with its place."""
    settings: dict[str, str] = field(default_factory=dict)
    """Of opendkim.conf, by their names in lower case."""


def read_tables(key_table: Path, signing_table: Path, *, only_first: bool = False) -> OpenDkimSetup:
    """Read both tables; raises UsageError where one cannot be read.

    ``only_first``: a second line for the same authors has no effect, as it is without MultipleSignatures.
    """
    setup = OpenDkimSetup()
    _read_keys(key_table, setup)
    _read_signers(signing_table, setup, only_first=only_first)
    return setup


def read_conf(conf: Path) -> OpenDkimSetup:
    """Read what opendkim.conf names: its tables, or the one key of Domain, Selector and KeyFile; raises UsageError."""
    settings = {name.lower(): rest for _, name, rest in _lines(conf)}
    if "keytable" in settings and "signingtable" in settings:
        paths = (table_path(settings[name]) for name in ("keytable", "signingtable"))
        setup = read_tables(*paths, only_first=settings.get("multiplesignatures", "").lower() not in _YES)
    elif {"domain", "selector", "keyfile"} <= settings.keys():
        setup = _one_key(settings)
    else:
        raise UsageError(f"{conf}: names neither KeyTable and SigningTable nor Domain, Selector and KeyFile")
    setup.settings = settings
    return setup


def table_path(value: str) -> Path:
    """The file that a setting or an argument names; raises UsageError where the table is in no file."""
    kind = next((kind for kind in _FILE_KINDS if value.startswith(kind)), "")
    if not kind and _DATA_BASE.match(value):
        raise UsageError(f"{value} is no file: export the table to one, and name that with --key-table")
    return Path(value.removeprefix(kind))


def _one_key(settings: Mapping[str, str]) -> OpenDkimSetup:
    setup = OpenDkimSetup()
    for domain in filter(None, (each.strip() for each in settings["domain"].split(","))):
        key = OpenDkimKey(name=domain, domain=domain, selector=settings["selector"], file=settings["keyfile"])
        setup.keys[domain] = key
        setup.signers.append(OpenDkimSigner(pattern=domain.lower(), key_name=domain, place="Domain"))
    return setup


def _read_keys(path: Path, setup: OpenDkimSetup) -> None:
    for number, name, rest in _lines(path):
        parts = rest.split(":", 2)
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - domain, selector, key
            setup.problems.append(f"{path}:{number}: {name}: not of the form DOMAIN:SELECTOR:FILE")
        elif not parts[2].startswith(_FILE_STARTS):
            setup.problems.append(
                f"{path}:{number}: {name}: the key stands in the table itself; write it to a file first"
            )
        else:
            setup.keys[name] = OpenDkimKey(name=name, domain=parts[0], selector=parts[1], file=parts[2])


def _read_signers(path: Path, setup: OpenDkimSetup, *, only_first: bool) -> None:
    named_after = _by_domain(setup.keys)
    seen: dict[str, set[str]] = {}
    for number, written, rest in _lines(path):
        # opendkim.conf(5): the second field, after a colon, is the identity that i= names.
        key_name, _, identity = (part.strip() for part in rest.partition(":"))
        pattern, place = written.lower().removeprefix("*@"), f"{path}:{number}: {written}"
        earlier = seen.setdefault(pattern, set())
        if only_first and earlier:
            setup.problems.append(f"{place}: an earlier line signs for the same authors, and MultipleSignatures is off")
            continue
        if key_name in earlier:
            continue
        earlier.add(key_name)
        setup.signers += _signers(pattern, key_name, place, setup, named_after)
        if identity:
            setup.problems.append(f"{place}: the identity {identity} (i=): signing.author_identity is for all domains")


def _signers(
    pattern: str, key_name: str, place: str, setup: OpenDkimSetup, named_after: Mapping[str, list[str]]
) -> list[OpenDkimSigner]:
    if key_name == AUTHOR_DOMAIN:
        found = [
            OpenDkimSigner(pattern=name.lower(), key_name=name, place=place)
            for name in named_after.get(f".{pattern[2:]}" if pattern.startswith("*.") else pattern, [])
        ]
    else:
        found = [OpenDkimSigner(pattern=pattern, key_name=key_name, place=place)] if key_name in setup.keys else []
    if not found:
        setup.problems.append(f"{place}: {key_name or 'nothing'} is no usable key of KeyTable")
    return found


def _by_domain(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of keys by each pattern of SigningTable that they match, as far as they are domains."""
    found: dict[str, list[str]] = {}
    for name in names:
        labels = name.lower().split(".", _MAX_LABELS)
        endings = [f".{'.'.join(labels[start:])}" for start in range(1, len(labels))]
        for pattern in ("*", name.lower(), *endings):
            found.setdefault(pattern, []).append(name)
    return found


def _lines(path: Path) -> list[tuple[int, str, str]]:
    """Line number, first word and the rest of each line that says something."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    lines = content.decode("utf-8", "replace").splitlines()
    if len(content) > _MAX_FILE_BYTES or len(lines) > _MAX_LINES:
        raise UsageError(f"{path}: is too long")
    found = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split(None, 1)
        if words:
            found.append((number, words[0], words[1].strip() if len(words) > 1 else ""))
    return found
