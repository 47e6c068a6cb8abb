# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an archive, and in the archives in it: names and types, and nothing unpacked but what must be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postward.mime.expand import Expansion, expand, expand_stream
from postward.mime.filenames import extensions_of
from postward.mime.ole_file import is_encrypted_ole
from postward.mime.tar_file import read_tar
from postward.mime.true_type import HEAD_BYTES, is_tar, true_type_of, type_of_head
from postward.mime.zip_directory import read_zip_directory

if TYPE_CHECKING:
    from postward.mime.zip_directory import ZipEntry

_STREAMS = frozenset({"gzip", "bzip2", "xz"})
ZIPS = frozenset({
    "zip", "jar", "apk", "docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "vsdx", "vsdm", "odt", "ods", "odp",
    "odg", "epub",
})  # fmt: skip
_ARCHIVES = _STREAMS | {"zip", "jar", "apk", "tar"}
_LOOKED_INTO = _ARCHIVES | {"ole"}
CLOSED = frozenset({
    "rar", "7z", "cab", "arj", "lzh", "ace", "zstd", "iso", "vhd", "vhdx", "dmg", "chm", "ar", "tnef", "pst",
})  # fmt: skip
"""What holds files and is not looked into."""
_MAX_PATH = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveBounds:
    """How much one look at an attachment may cost."""

    max_members: int = 5_000
    """Of the archive and all archives in it."""
    max_expanded_bytes: int = 67_108_864
    """That are unpacked in all, to be looked into."""
    max_ratio: int = 250
    """Of the size that the members have to that of the archive, where they have more than ``max_expanded_bytes``."""


DEFAULT = ArchiveBounds()


@dataclass(slots=True)
class Allowance:
    """What is left for all archives of one message, shared by its parts: many small bombs are one large bomb."""

    members: int = 20_000
    expanded_bytes: int = 201_326_592

    def within(self, bounds: ArchiveBounds) -> ArchiveBounds:
        """The bounds of one archive, as far as there is something left."""
        return replace(
            bounds,
            max_members=min(bounds.max_members, self.members),
            max_expanded_bytes=min(bounds.max_expanded_bytes, self.expanded_bytes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive."""

    path: str
    """With its folders; within another archive with the path of that one before it."""
    name: str
    """Without folders."""
    size_bytes: int
    """As the archive says, which may lie."""
    extensions: tuple[str, ...]
    """Lower case, as with a part."""
    true_type: str
    """By its content; "" where that is encrypted or unknown."""
    is_encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveListing:
    """All that was found; empty for what is no archive."""

    members: tuple[Member, ...] = ()
    is_encrypted: bool = False
    """It, or a file in it, cannot be opened without a password."""
    problem: str = ""
    """Why something in it could not be looked into, in words; "" where all was."""


def list_archive(
    content: bytes, kind: str, *, depth: int, bounds: ArchiveBounds = DEFAULT, allowance: Allowance | None = None
) -> ArchiveListing:
    """List ``content``, whose ``true_type`` is given; 1 is the archive itself, 2 the archives in it as well.

    Never raises; what goes beyond the bounds, lies, or cannot be looked into is a problem.  What it costs is taken off
    the allowance.
    """
    allowance = allowance or Allowance()
    if kind in ZIPS | _ARCHIVES and (allowance.members <= 0 or allowance.expanded_bytes <= 0):
        return ArchiveListing(problem="too much is packed in one message")
    look = _Look(allowance.within(bounds))
    look.into(content, kind, "", depth)
    allowance.members -= len(look.members)
    allowance.expanded_bytes -= look.expanded_bytes
    return ArchiveListing(members=tuple(look.members), is_encrypted=look.is_encrypted, problem=look.problem)


@dataclass(slots=True)
class _Look:
    """One look at an attachment."""

    bounds: ArchiveBounds
    members: list[Member] = field(default_factory=list)
    is_encrypted: bool = False
    problem: str = ""
    expanded_bytes: int = 0

    def into(self, content: bytes, kind: str, path: str, depth: int) -> None:
        if kind in CLOSED:
            self._complain(f"{kind} cannot be looked into")
        elif kind == "ole":
            self.is_encrypted |= is_encrypted_ole(content)
        elif kind in _ARCHIVES and depth <= 0:
            self._complain("archives are nested too deep")
        elif depth <= 0:
            return
        elif kind in ZIPS:
            self._zip(content, path, depth)
        elif kind == "tar":
            self._tar(content, path, depth)
        elif kind in _STREAMS:
            self._stream(content, kind, path, depth)

    def _complain(self, problem: str) -> None:
        self.problem = self.problem or problem

    @property
    def _members_left(self) -> int:
        return self.bounds.max_members - len(self.members)

    @property
    def _bytes_left(self) -> int:
        return max(0, self.bounds.max_expanded_bytes - self.expanded_bytes)

    def _zip(self, content: bytes, path: str, depth: int) -> None:
        directory = read_zip_directory(content, self._members_left)
        self._complain(directory.problem)
        total = sum(entry.size_bytes for entry in directory.entries)
        if total > self.bounds.max_expanded_bytes and total > self.bounds.max_ratio * len(content):
            self._complain("it grows too much when it is unpacked")
        for entry in directory.entries:
            if self._members_left <= 0:
                self._complain(f"more than {self.bounds.max_members} files")
                break
            self._zip_entry(content, entry, path, depth)

    def _zip_entry(self, content: bytes, entry: ZipEntry, path: str, depth: int) -> None:
        names = [_name_text(name, is_utf8=entry.is_utf8) for name in (entry.name, *entry.other_names)]
        self.is_encrypted |= entry.is_encrypted
        file = _File(path, names, entry.size_bytes, is_encrypted=entry.is_encrypted)
        if entry.is_encrypted or entry.start < 0 or file.is_folder:
            self._add(file, b"", "", depth)
            return
        octets = memoryview(content)[entry.start : entry.start + entry.compressed_bytes]
        head = self._expanded(expand(octets, entry.method, HEAD_BYTES))
        if len(head) > entry.size_bytes:
            self._complain("a file is larger than the archive says")
        kind = type_of_head(head)
        if kind in _LOOKED_INTO:
            expansion = expand(octets, entry.method, self._bytes_left)
            head = self._expanded(expansion)
            if expansion.is_cut:
                self._complain("an archive in it is too large")
        self._add(file, head, kind, depth)

    def _expanded(self, expansion: Expansion) -> bytes:
        self.expanded_bytes += len(expansion.content)
        self._complain(expansion.problem)
        return expansion.content

    def _add(self, file: _File, content: bytes, kind: str, depth: int) -> None:
        """Take one file; ``content`` is whole where its ``kind`` is one to look into, otherwise its head."""
        kind = true_type_of(content) if kind in {"zip", "ole"} else kind
        self.members.append(file.member(kind, is_encrypted=kind == "ole" and is_encrypted_ole(content)))
        self.into(content, kind, f"{file.full_path}/", depth - 1)

    def _tar(self, content: bytes, path: str, depth: int) -> None:
        reading = read_tar(content, self._members_left)
        self._complain(reading.problem)
        for entry in reading.entries:
            if self._members_left <= 0:
                break
            octets = content[entry.start : entry.start + entry.size_bytes]
            file = _File(path, [_slashes(entry.name)], entry.size_bytes)
            self._add(file, octets, type_of_head(octets[:HEAD_BYTES]), depth)

    def _stream(self, content: bytes, kind: str, path: str, depth: int) -> None:
        expansion = expand_stream(content, kind, self._bytes_left)
        if expansion.is_cut:
            self._complain("it grows too much when it is unpacked")
        inner = self._expanded(expansion)
        if is_tar(inner):
            self._tar(inner, path, depth)
        elif self._members_left > 0:
            file = _File(path, [_slashes(expansion.name)], len(inner))
            self._add(file, inner, type_of_head(inner[:HEAD_BYTES]), depth)


@dataclass(slots=True)
class _File:
    """What an archive says of one file."""

    path: str
    names: list[str]
    size_bytes: int
    is_encrypted: bool = False

    @property
    def is_folder(self) -> bool:
        return self.names[0].endswith("/")

    @property
    def full_path(self) -> str:
        return f"{self.path}{self.names[0]}"[:_MAX_PATH]

    def member(self, kind: str, *, is_encrypted: bool) -> Member:
        return Member(
            path=self.full_path,
            name=self.names[0].rstrip("/").rpartition("/")[2],
            size_bytes=self.size_bytes,
            extensions=() if self.is_folder else extensions_of(self.names),
            true_type=kind,
            is_encrypted=self.is_encrypted or is_encrypted,
        )


def _name_text(name: bytes, *, is_utf8: bool) -> str:
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        text = name.decode("utf-8" if is_utf8 else "cp437", "replace")
    return _slashes(text)


def _slashes(name: str) -> str:
    return name.replace("\\", "/")[:_MAX_PATH]
