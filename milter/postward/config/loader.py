# SPDX-License-Identifier: GPL-3.0-or-later
"""Read configuration files: every fault at once, with file, line and a hint."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from postward.config.configuration import Configuration
from postward.config.document.compose import compose
from postward.config.document.node import MappingNode, Node
from postward.config.document.plain import Plain, Position, plain, positions
from postward.config.document.read import read_text
from postward.config.faults import config_errors
from postward.config.schema.scoring import SYMBOLS
from postward.config.schema.section import Section
from postward.config.source import NOWHERE, Source
from postward.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Collection

_Kind = TypeVar("_Kind", bound=Section)

DEFAULT_PATH = Path("/etc/postward/postward.yaml")
"""Where an installed Postward has its configuration."""


def load(path: Path | None, *, symbols: Collection[str] | None = None) -> Configuration:
    """Read and check ``path``; None, and an empty file too, give the defaults.

    ``symbols`` are the names that scoring.weights may have; None leaves them unchecked.  Raises ConfigErrors with
    every fault that was found.
    """
    if path is None:
        return Configuration.from_values({}, NOWHERE)
    root, faults = _read(path)
    source = _source(path, root)
    values: Plain = {} if root is None else plain(root, tuple)
    try:
        configuration = Configuration.from_values(values, source, symbols)
    except ValidationError as error:
        # The inputs are needed to explain them, and config_errors never quotes them.
        faults += config_errors(error.errors(include_url=False), source)
        raise ConfigErrors(sorted(faults, key=lambda fault: fault.line)) from None
    if faults:
        raise ConfigErrors(faults)
    return configuration


def load_section(path: Path, kind: type[_Kind], *, symbols: Collection[str] | None = None) -> tuple[_Kind, Source]:
    """Read a file beside postward.yaml that is one section, and where its values stand; raises ConfigErrors.

    ``symbols`` as of ``load``.
    """
    root, faults = _read(path)
    source = _source(path, root)
    try:
        values = kind.model_validate({} if root is None else plain(root, tuple), context={SYMBOLS: symbols})
    except ValidationError as error:
        faults += config_errors(error.errors(include_url=False), source, kind)
        raise ConfigErrors(sorted(faults, key=lambda fault: fault.line)) from None
    if faults:
        raise ConfigErrors(faults)
    return values, source


def load_mapping(path: Path) -> dict[str, Plain]:
    """Read a YAML file that holds one mapping, as plain values; an empty file is an empty mapping.

    Raises ConfigErrors.
    """
    root, faults = _read(path)
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        faults.append(ConfigError(str(path), root.line, "", "must be a mapping of keys to values"))
    if faults:
        raise ConfigErrors(faults)
    values = plain(root)
    assert isinstance(values, dict)  # noqa: S101 - a mapping's value is a dict
    return values


def _read(path: Path) -> tuple[Node | None, list[ConfigError]]:
    try:
        text = read_text(path)
    except ConfigError as error:
        raise ConfigErrors([error]) from error
    return compose(str(path), text)


def _source(path: Path, root: Node | None) -> Source:
    where = {} if root is None else {(): Position(root.line, root.line), **dict(positions(root))}
    return Source(path=str(path), positions=MappingProxyType(where))
