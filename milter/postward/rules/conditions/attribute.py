# SPDX-License-Identifier: GPL-3.0-or-later
"""An attribute of a message: how it is read, when it is known, and what kind of value it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from postward.rules.patterns.comparison import folded
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.rules.message.message import Message
    from postward.rules.needs import Need


class Kind(Enum):
    """What its values are; it decides which operators there are, and what they mean."""

    TEXT = auto()
    WORD = auto()
    """One of a few words, or a name."""
    ADDRESS = auto()
    """Folded; "" is the null path.  Operands may be domains too."""
    DOMAIN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """``read`` gives every value that there is: none, one, or several."""

    name: str
    kind: Kind
    read: Callable[[Message], Sequence[str]]
    needs: frozenset[Need]
    stage: Stage = Stage.END
    is_per_recipient: bool = False
    index: tuple[str, ...] = ()
    """The index's names of its values; none for what is not indexed."""
    words: tuple[str, ...] = ()
    """The only ones that there are; empty where any may be."""
    clean: Callable[[str], str] = str.strip
    """What is done to values as operators write them."""
    is_long: bool = False
    """Its values are told by their length: what people write has no place in a log."""
    read_folded: Callable[[Message], Sequence[str]] | None = None
    """The same values as they are compared, where something remembers them."""

    def folded(self, message: Message) -> Sequence[str]:
        """Give the values as they are compared, in the order of ``read``."""
        if self.read_folded is not None:
            return self.read_folded(message)
        values = self.read(message)
        return values if self.kind in _FOLDED_KINDS else [folded(value) for value in values]


_FOLDED_KINDS = frozenset({Kind.ADDRESS, Kind.DOMAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAttribute:
    """An attribute that is a number."""

    name: str
    read: Callable[[Message], float]
    needs: frozenset[Need]
    is_size: bool = False
    """It is in octets, so that KB, MB and GB may be written."""
    stage: Stage = Stage.END
    is_per_recipient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthAttribute:
    """An attribute that is true or false."""

    name: str
    read: Callable[[Message], bool | None]
    """None where nobody can say, which is neither."""
    needs: frozenset[Need]
    stage: Stage = Stage.END
    is_per_recipient: bool = False
