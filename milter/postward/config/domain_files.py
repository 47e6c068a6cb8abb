# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of domains.d, one for each hosted domain: all faults of all files at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.config.closest import closest
from postward.config.faults import key_name
from postward.config.loader import load_section
from postward.config.schema.domain_file import DomainFileSection
from postward.errors import ConfigError, ConfigErrors
from postward.model.sender_pattern import PatternKind, parse_sender_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence
    from pathlib import Path

    from postward.config.document.plain import KeyPath
    from postward.config.source import Source

MAX_FILES = 10_000
_MAX_FAULTS = 100
_ENDING = ".yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFile:
    """A file, and where its values stand."""

    section: DomainFileSection
    source: Source

    def fault(self, path: KeyPath, message: str, hint: str = "") -> ConfigError:
        """A fault in one of its values."""
        return ConfigError(self.source.path, self.source.line_of(path), key_name(path), message, hint)


def load_domain_files(folder: Path, symbols: Collection[str] | None = None) -> tuple[DomainFile, ...]:
    """Read every ``*.yaml`` in the folder, by name; none where there is no such folder.  Raises ConfigErrors.

    ``symbols`` are the names that weights may have; None leaves them unchecked.
    """
    files: list[DomainFile] = []
    faults: list[ConfigError] = []
    for path in _paths(folder):
        try:
            section, source = load_section(path, DomainFileSection, symbols=symbols)
        except ConfigErrors as errors:
            faults += errors.errors
        else:
            files.append(DomainFile(section=section, source=source))
        if len(faults) >= _MAX_FAULTS:
            break
    faults += _faults_within(files)
    faults += _faults_between(files)
    if faults:
        raise ConfigErrors(sorted(faults, key=lambda fault: (fault.path, fault.line))[:_MAX_FAULTS])
    return tuple(files)


def _paths(folder: Path) -> Sequence[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == _ENDING and not path.name.startswith("."))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigErrors([ConfigError(str(folder), 0, "", f"cannot be read: {error.strerror}")]) from error
    if len(paths) > MAX_FILES:
        hint = "more domains than that belong into a data base: see directory.sql"
        raise ConfigErrors([ConfigError(str(folder), 0, "", f"holds more than {MAX_FILES} files", hint)])
    return paths


def _faults_within(files: Sequence[DomainFile]) -> Iterator[ConfigError]:
    groups = {_qualified(name, file.section.domain) for file in files for name in file.section.groups}
    for file in files:
        yield from _foreign_names(file)
        for name in file.section.groups:
            if name in file.section.aliases:
                yield file.fault(("groups", name), "is an alias too", "keep one of the two")
        yield from _unknown_groups(file, groups)


def _foreign_names(file: DomainFile) -> Iterator[ConfigError]:
    """Recipients, aliases, groups and people that belong to another domain."""
    domain = file.section.domain
    places: list[tuple[KeyPath, str]] = [
        (("recipients", index), name) for index, name in enumerate(file.section.recipients or ())
    ]
    places += [(("aliases", name), name) for name in file.section.aliases]
    places += [(("groups", name), name) for name in file.section.groups]
    places += [(("people", name), name) for name in file.section.people]
    for path, name in places:
        if "@" in name and name.rpartition("@")[2] != domain:
            yield file.fault(path, f"is no address of {domain}", "each domain has a file of its own")


def _unknown_groups(file: DomainFile, groups: set[str]) -> Iterator[ConfigError]:
    for number, senders in enumerate(file.section.senders):
        for index, text in enumerate(senders.may_use):
            pattern = parse_sender_pattern(text)
            name = f"{pattern.local_part}@{pattern.domain or file.section.domain}"
            if pattern.kind is PatternKind.GROUP and name not in groups:
                near = closest(name, tuple(groups))
                hint = f"did you mean group:{near}?" if near else "write it below groups"
                yield file.fault(("senders", number, "may_use", index), "there is no such group", hint)


def _faults_between(files: Sequence[DomainFile]) -> Iterator[ConfigError]:
    """What may stand in one file only: a domain; and a network, or its mail would be two tenants'."""
    first: dict[Hashable, DomainFile] = {}
    for file in files:
        for path, value in _unique_values(file):
            other = first.setdefault(value, file)
            if other is not file:
                yield file.fault(path, f"stands in {other.source.path} too", "keep one of the two")


def _unique_values(file: DomainFile) -> Iterator[tuple[KeyPath, Hashable]]:
    yield ("domain",), file.section.domain
    for number, senders in enumerate(file.section.senders):
        for index, network in enumerate(senders.networks):
            yield ("senders", number, "networks", index), network


def _qualified(name: str, domain: str) -> str:
    return name if "@" in name else f"{name}@{domain}"
