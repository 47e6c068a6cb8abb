# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of rules.d, as trees that remember their lines: what is in them is for the rules' compiler to judge."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.config.document.compose import compose
from postward.config.document.node import MappingNode
from postward.config.document.read import read_text
from postward.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_FILES = 1_000
_MAX_FAULTS = 100
_ENDING = ".yaml"
_OTHER_ENDINGS = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file."""

    path: str
    root: MappingNode
    digest: str
    """SHA-256 of its text, in hex."""


def read_rule_files(folder: Path) -> tuple[tuple[RuleFile, ...], list[ConfigError]]:
    """Read every ``*.yaml`` in the folder, by name, and say what is wrong with those that cannot be read.

    There are none where there is no such folder.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == _ENDING and not path.name.startswith("."))
    except FileNotFoundError:
        return (), []
    except OSError as error:
        return (), [ConfigError(str(folder), 0, "", f"cannot be read: {error.strerror}")]
    if len(paths) > MAX_FILES:
        return (), [ConfigError(str(folder), 0, "", f"holds more than {MAX_FILES} files")]
    return read_paths(paths)


def overlooked_files(folder: Path) -> list[ConfigError]:
    """Tell of files in the folder that look like rules and are not read, because of their names."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _OTHER_ENDINGS)
    except OSError:
        return []
    hint = f"give it a name that ends in {_ENDING}"
    return [ConfigError(str(path), 0, "", "is not read", hint) for path in paths[:MAX_FILES] if path.suffix != _ENDING]


def read_paths(paths: Sequence[Path]) -> tuple[tuple[RuleFile, ...], list[ConfigError]]:
    """Read these files, in their order."""
    files: list[RuleFile] = []
    faults: list[ConfigError] = []
    for path in paths:
        try:
            file, found = _read(path)
        except ConfigErrors as errors:
            faults += errors.errors
        except ConfigError as error:
            faults.append(error)
        else:
            faults += found
            files += [file] if file is not None else []
        if len(faults) >= _MAX_FAULTS:
            break
    return tuple(files), faults


def _read(path: Path) -> tuple[RuleFile | None, list[ConfigError]]:
    text = read_text(path)
    root, faults = compose(str(path), text)
    if root is None:
        return None, faults
    if not isinstance(root, MappingNode):
        hint = "write rules: at its top, and the rules below it"
        return None, [*faults, ConfigError(str(path), root.line, "", "must be a mapping of keys to values", hint)]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return RuleFile(path=str(path), root=root, digest=digest), faults
