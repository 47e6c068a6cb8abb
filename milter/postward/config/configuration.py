# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration in force, and where each of its values was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import PrivateAttr

from postward.config.faults import key_name
from postward.config.schema.root import RootSection
from postward.config.schema.scoring import SYMBOLS
from postward.config.source import NOWHERE, Source
from postward.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection

    from postward.config.document.plain import KeyPath, Plain


class Configuration(RootSection):
    """All settings, checked; one attribute for each key of postward.yaml.  Cannot be changed."""

    _source: Source = PrivateAttr(default_factory=lambda: NOWHERE)

    @classmethod
    def from_values(cls, values: Plain, source: Source, symbols: Collection[str] | None = None) -> Self:
        """Check ``values``; raises pydantic's ValidationError."""
        configuration = cls.model_validate(values, context={SYMBOLS: symbols})
        configuration._source = source  # noqa: SLF001 - an attribute of this class
        return configuration

    @property
    def path(self) -> str:
        """The file; "" where there is none and the defaults are in force."""
        return self._source.path

    def line_of(self, key: str | KeyPath) -> int:
        """Line of a value, given as ``"dkim.enabled"`` or as a key path; 0 where it is not written."""
        return self._source.line_of(_key_path(key))

    def is_written(self, key: str | KeyPath) -> bool:
        """True where the file gives this key."""
        return _key_path(key) in self._source.positions

    def error_at(self, key: str | KeyPath, message: str, hint: str = "") -> ConfigError:
        """A fault that a later stage found in a value, with its file and line."""
        return ConfigError(self.path, self.line_of(key), key_name(_key_path(key)), message, hint)


def _key_path(key: str | KeyPath) -> KeyPath:
    return tuple(key.split(".")) if isinstance(key, str) else key
