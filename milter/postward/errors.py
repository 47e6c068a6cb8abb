# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that go from one part of Postward to another; one that stays within a package stands there.

PostwardError
├── ConfigError          one fault in a configuration file, with file, line and hint
├── ConfigErrors         all the faults of a configuration at once
├── TemporaryFailure     try again: the cause lies outside and may pass
│   ├── DnsFailure       no usable DNS answer (time-out, SERVFAIL, refused, malformed)
│   ├── BudgetExhausted  the message's allowance of DNS queries or of time is used up
│   └── DirectoryUnavailable  no source of the directory could answer
├── PermanentFailure     trying again gives the same
│   └── KeysUnusable     a domain has signing keys, and none of them can be used
├── StageError           a fact was asked for before the stage that establishes it
└── UsageError           a command was called with arguments that it cannot use
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class PostwardError(Exception):
    """Base of all errors raised by Postward."""


@dataclass(eq=False)
class ConfigError(PostwardError):
    """One fault in the configuration; ``line`` counts from 1, 0 means that no line can be named."""

    path: str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        key = f"{self.key}: " if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {key}{self.message}{hint}"


class ConfigErrors(PostwardError):
    """All the faults found in one reading of the configuration, in the order of the files."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


class TemporaryFailure(PostwardError):
    """The cause lies outside and may pass."""


class DnsFailure(TemporaryFailure):
    """No usable DNS answer: time-out, SERVFAIL, refused or malformed."""


class BudgetExhausted(TemporaryFailure):
    """The message's allowance of DNS queries or of time is used up."""


class DirectoryUnavailable(TemporaryFailure):
    """The directory did not answer in time, or not at all, and nothing is remembered of it."""


class PermanentFailure(PostwardError):
    """Trying again would give the same."""


class KeysUnusable(PermanentFailure):
    """A domain has signing keys, and none of them can be used."""


class StageError(PostwardError):
    """A fact was asked for before the stage that establishes it."""


class UsageError(PostwardError):
    """A command was called with arguments that it cannot use."""
