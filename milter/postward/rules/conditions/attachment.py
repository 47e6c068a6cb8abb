# SPDX-License-Identifier: GPL-3.0-or-later
"""One attachment, or one file in an archive, of which everything that is asked holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postward.mime.filenames import extensions_of
from postward.rules.conditions.base import Finding, IndexKeys, shown
from postward.rules.conditions.leaf import Leaf
from postward.rules.needs import Need
from postward.rules.patterns.comparison import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from postward.mime.archive import Member
    from postward.mime.part import Part
    from postward.rules.conditions.base import Subject
    from postward.rules.conditions.number import Comparison
    from postward.rules.conditions.value_tests import ValueTests
    from postward.rules.message.message import Message

USUAL_DEPTH = 3
"""Archives within archives that are looked into where only encryption, or what cannot be inspected, is asked for."""


@dataclass(frozen=True, eq=False)
class PartItem:
    """A part of the message."""

    part: Part
    depth: int

    @property
    def names(self) -> Sequence[str]:
        """Every name that some reader shows."""
        return self.part.filenames

    @cached_property
    def extensions(self) -> Sequence[str]:
        """The last one of each name, by which a system opens the file."""
        return _last_extensions(self.part.filenames)

    @property
    def any_extensions(self) -> Sequence[str]:
        """Of a name with several all of them."""
        return self.part.extensions

    @property
    def true_type(self) -> str:
        """By its content."""
        return self.part.true_type

    @property
    def content_type(self) -> str:
        """As it is called."""
        return self.part.content_type

    @property
    def size_bytes(self) -> float:
        """Decoded."""
        return self.part.size_bytes

    @property
    def sha256(self) -> str:
        """Of the decoded content."""
        return self.part.sha256

    @property
    def is_encrypted(self) -> bool:
        """It, or something in it, needs a password."""
        return self.part.archive(self.depth or USUAL_DEPTH).is_encrypted

    @property
    def is_uninspectable(self) -> bool:
        """It, or something in it, could not be looked into."""
        return bool(self.part.problem or self.part.archive(self.depth or USUAL_DEPTH).problem)

    @property
    def shown(self) -> str:
        """For people."""
        return f"part {self.part.path} {self.part.filename}".rstrip()


@dataclass(frozen=True, eq=False)
class MemberItem:
    """A file in an archive."""

    member: Member
    sha256: str = ""
    content_type: str = ""
    is_uninspectable: bool = False
    """That is said of the part which holds it."""

    @property
    def names(self) -> Sequence[str]:
        """Its one name."""
        return (self.member.name,)

    @property
    def extensions(self) -> Sequence[str]:
        """The last one of its name."""
        return self.member.extensions[:1]

    @property
    def any_extensions(self) -> Sequence[str]:
        """All of its name."""
        return self.member.extensions

    @property
    def true_type(self) -> str:
        """By its content."""
        return self.member.true_type

    @property
    def size_bytes(self) -> float:
        """As the archive says."""
        return self.member.size_bytes

    @property
    def is_encrypted(self) -> bool:
        """It needs a password."""
        return self.member.is_encrypted

    @property
    def shown(self) -> str:
        """For people."""
        return self.member.path


Item = PartItem | MemberItem


@dataclass(frozen=True, kw_only=True)
class AttachmentTests:
    """What is asked of an attachment; None of it is not asked."""

    name: ValueTests | None = None
    extension: ValueTests | None = None
    any_extension: ValueTests | None = None
    content_type: ValueTests | None = None
    true_type: ValueTests | None = None
    sha256: ValueTests | None = None
    size: tuple[Comparison, ...] = ()
    encrypted: bool | None = None
    uninspectable: bool | None = None
    depth: int = 0
    """How deep archives are looked into: 1 for the files in an attached archive, 0 for the attachments alone."""

    def holds(self, item: Item) -> bool:
        """Whether all is so; what costs least is asked first."""
        return all(
            tests is None or tests.find(read(item), _folded) is not None for tests, read in self._by_name
        ) and self._rest_holds(item)

    def items(self, part: Part) -> Iterator[Item]:
        """Give a part, and what is in it."""
        yield PartItem(part, self.depth)
        if self.depth:
            for member in part.archive(self.depth).members:
                yield MemberItem(member)

    @cached_property
    def asked(self) -> str:
        """In words."""
        parts = [f"{name} {tests.asked}" for name, tests in self._named if tests is not None]
        parts += [f"size {comparison}" for comparison in self.size]
        parts += [] if self.encrypted is None else [f"{'' if self.encrypted else 'not '}encrypted"]
        parts += [] if self.uninspectable is None else [f"{'' if self.uninspectable else 'not '}uninspectable"]
        return f"attachment {' and '.join(parts)}".rstrip()

    @property
    def _named(self) -> tuple[tuple[str, ValueTests | None], ...]:
        return (
            ("extension", self.extension),
            ("any_extension", self.any_extension),
            ("name", self.name),
            ("content_type", self.content_type),
            ("true_type", self.true_type),
            ("sha256", self.sha256),
        )

    @property
    def _by_name(self) -> tuple[tuple[ValueTests | None, Callable[[Item], Sequence[str]]], ...]:
        return (
            (self.extension, lambda item: item.extensions),
            (self.any_extension, lambda item: item.any_extensions),
            (self.name, lambda item: item.names),
            (self.content_type, lambda item: _given(item.content_type)),
        )

    def _rest_holds(self, item: Item) -> bool:
        if not all(comparison.holds(item.size_bytes) for comparison in self.size):
            return False
        if self.true_type is not None and self.true_type.find(_given(item.true_type), _folded) is None:
            return False
        if self.sha256 is not None and self.sha256.find(_given(item.sha256), _folded) is None:
            return False
        if self.encrypted is not None and item.is_encrypted is not self.encrypted:
            return False
        return self.uninspectable is None or item.is_uninspectable is self.uninspectable


class AttachmentCondition(Leaf):
    """Some attachment is as the tests have it."""

    needs = frozenset({Need.BODY, Need.ATTACHMENTS})

    def __init__(self, tests: AttachmentTests) -> None:
        self._tests = tests

    def test(self, subject: Subject) -> Finding:
        """Look at one after the other."""
        message, tests = subject.message, self._tests
        if tests.uninspectable and message.problems:
            return Finding(matched=True, asked=tests.asked, seen=shown(", ".join(message.problems)))
        parts = file_parts(message)
        found = next((item for part in parts for item in tests.items(part) if tests.holds(item)), None)
        seen = found.shown if found is not None else f"{len(parts)} files"
        return Finding(matched=found is not None, asked=tests.asked, seen=shown(seen))

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Give the extensions, or the true types; where neither is asked for, that there is some file at all."""
        if self._tests.uninspectable:
            return None
        for kind, tests in (("extension", self._tests.extension), ("type", self._tests.true_type)):
            for test in tests.tests if tests is not None else ():
                found = test.keys()
                if found is not None and found[0] == "value":
                    return (IndexKeys(f"attachment.{kind}{self._tests.depth}", found[1]),)
        return (IndexKeys("attachment.any0", frozenset({"yes"})),)


def file_parts(message: Message) -> tuple[Part, ...]:
    """Give the parts that a reader sees as files, and all others that have a file name."""
    return tuple(part for part in message.parts if part.is_attachment or part.filenames)


def _last_extensions(names: Sequence[str]) -> Sequence[str]:
    found = (extensions_of((name,)) for name in names)
    return tuple(dict.fromkeys(extensions[0] for extensions in found if extensions))


def _given(text: str) -> Sequence[str]:
    return (text,) if text else ()


def _folded(values: Sequence[str]) -> Sequence[str]:
    return [folded(value) for value in values]
