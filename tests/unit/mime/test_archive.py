# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from itertools import product

import pytest

from postward.mime.archive import ArchiveBounds, list_archive
from postward.mime.true_type import true_type_of
from tests.unit.mime.making import message, zipped
from tests.unit.mime.test_true_type import compound

MZ = b"MZ" + bytes(100)


def listed(content: bytes, depth: int = 3, **bounds):
    return list_archive(content, true_type_of(content), depth=depth, bounds=ArchiveBounds(**bounds))


def tarred(*files: tuple[str, bytes], mode: str = "w", **options) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode, **options) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def test_files_and_their_types():
    found = listed(zipped(("a/b/evil.pdf.exe. ", MZ), ("f/", b""), ("x.txt", b"text")))
    assert [
        (member.path, member.name, member.extensions, member.true_type, member.size_bytes) for member in found.members
    ] == [
        ("a/b/evil.pdf.exe. ", "evil.pdf.exe. ", ("exe", "pdf"), "exe", 102),
        ("f/", "f", (), "", 0),
        ("x.txt", "x.txt", ("txt",), "", 4),
    ]
    assert (found.is_encrypted, found.problem) == (False, "")


def test_archives_in_archives_to_a_depth():
    inner = zipped(("evil.scr", MZ))
    nested = zipped(("2.zip", zipped(("1.tar", tarred(("i.zip", inner))))))
    assert [member.path for member in listed(nested, depth=1).members] == ["2.zip"]
    assert listed(nested, depth=1).problem == "archives are nested too deep"
    assert [member.path for member in listed(nested, depth=4).members] == [
        "2.zip",
        "2.zip/1.tar",
        "2.zip/1.tar/i.zip",
        "2.zip/1.tar/i.zip/evil.scr",
    ]
    assert listed(nested, depth=4).problem == ""
    assert listed(nested, depth=4).members[-1].true_type == "exe"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams(pack):
    found = listed(pack(MZ))
    assert [(member.true_type, member.size_bytes) for member in found.members] == [("exe", 102)]
    assert [member.path for member in listed(pack(tarred(("a.exe", MZ), ("b.js", b"x")))).members] == ["a.exe", "b.js"]
    assert listed(pack(b"x" * 9_000)[:-12] + b"\0" * 12).problem in {"", "it is broken"}


def test_name_of_a_gzip_file():
    target = io.BytesIO()
    with gzip.GzipFile("evil.exe", "wb", fileobj=target) as stream:
        stream.write(MZ)
    assert listed(target.getvalue()).members[0].extensions == ("exe",)


@pytest.mark.parametrize(
    ("name", "style"),
    [
        *product(
            ["short.exe", f"{'d' * 60}/{'e' * 90}.exe", "\u00fc.exe"],
            [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT],
        ),
        # The oldest form has no room for it.
        *product([f"{'x' * 300}.exe"], [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    ],
)
def test_names_in_tar(name, style):
    found = listed(tarred((name, MZ), ("b", b""), format=style))
    assert [(member.path, member.true_type) for member in found.members] == [(name, "exe"), ("b", "")]


def test_encryption():
    plain = bytearray(zipped(("a.exe", MZ)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(signature) + offset] |= 1
    found = listed(bytes(plain))
    assert (found.is_encrypted, found.members[0].is_encrypted, found.members[0].extensions) == (True, True, ("exe",))
    assert listed(zipped(("in.zip", bytes(plain)))).is_encrypted
    assert listed(compound("EncryptedPackage")).is_encrypted
    assert listed(zipped(("a.docx", compound("EncryptedPackage")))).is_encrypted
    assert not listed(compound("WordDocument")).is_encrypted


@pytest.mark.parametrize(
    ("content", "kind"), [(b"Rar!\x1a\x07\x00", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"MSCF", "cab")]
)
def test_what_cannot_be_looked_into(content, kind):
    assert listed(content).problem == f"{kind} cannot be looked into"
    assert listed(zipped(("a", content)), depth=1).problem == f"{kind} cannot be looked into"


def test_no_archive():
    assert listed(b"text").members == ()
    assert listed(b"").problem == ""


def test_bombs_are_refused():
    layer = zipped(*((f"{number}.bin", b"\0" * 1_000_000) for number in range(20)))
    assert listed(layer, max_expanded_bytes=1_000_000).problem == "it grows too much when it is unpacked"
    for number in range(6):
        layer = zipped(*((f"{number}-{copy}.zip", layer) for copy in range(16)))
    found = listed(layer)
    assert found.problem
    assert len(found.members) <= ArchiveBounds().max_members
    assert listed(gzip.compress(b"\0" * 2_000_000), max_expanded_bytes=1_000_000).problem
    assert (
        listed(zipped(("a.zip", zipped(("b", b"\0" * 9_000)))), max_expanded_bytes=60).problem
        == "an archive in it is too large"
    )


def test_many_small_bombs_are_one_large_bomb():
    bomb = base64.encodebytes(zipped(*((f"{number}.txt", b"x") for number in range(4_000))))
    header = "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
    parts = b"".join(b"--b\n" + header.encode() + bomb for _ in range(7))
    mime = message(b"Content-Type: multipart/mixed; boundary=b\n\n" + parts)
    listings = [part.archive(1) for part in mime.parts]
    assert sum(len(listing.members) for listing in listings) == 20_000
    assert listings[-1].problem == "too much is packed in one message"


def test_files_that_share_their_octets_are_refused():
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(b"\0" * 100_000) + kernel.flush()
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 100_000, 1, 0) + b"a" + packed
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), 100_000, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    directory = entry * 50
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(directory), len(local), 0)
    assert listed(local + directory + end).problem == "files of a ZIP archive overlap"


def test_a_million_members():
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), len(local), 0)
    found = listed(local + directory + end)
    assert found.problem == "more than 5000 files"
    assert len(found.members) == 5_000


def lying(size: int) -> bytes:
    octets = bytearray(zipped(("a.bin", b"x" * 3_000)))
    at = octets.index(b"PK\x01\x02") + 24
    octets[at : at + 4] = size.to_bytes(4, "little")
    return bytes(octets)


def test_sizes_that_lie():
    assert listed(lying(10)).problem == "a file is larger than the archive says"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda content: content[:-30], "a ZIP archive without a directory"),
        (lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x01"), "the directory of a ZIP archive is broken"),
        (lambda content: content.replace(b"PK\x03\x04", b"PK\x03\x05"), "names files that are not there"),
        (lambda content: content + content, "several archives in one file"),
        (lambda content: content.replace(b"\x08\x00", b"\x63\x00"), "a file is packed in an unknown way"),
        (lambda content: content[:35] + b"\xff" * 9 + content[44:], "a file in it is broken"),
    ],
)
def test_broken_archives(change, problem):
    content = change(zipped(("a.txt", b"some text that is packed " * 9)))
    found = list_archive(content, "zip", depth=1)
    assert problem in found.problem


def test_a_name_of_the_local_header_or_in_unicode_counts():
    content = bytearray(zipped(("a.txt", MZ)))
    content[30:35] = b"a.scr"
    assert listed(bytes(content)).members[0].extensions == ("txt", "scr")


def test_something_before_an_archive_does_not_hide_it():
    found = list_archive(b"MZ" + bytes(500) + zipped(("a.exe", MZ)), "zip", depth=1)
    assert [member.true_type for member in found.members] == ["exe"]


def test_large_numbers_are_read():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, archive.open("a.exe", "w", force_zip64=True) as stream:
        stream.write(MZ)
    assert [(member.path, member.true_type) for member in listed(target.getvalue()).members] == [("a.exe", "exe")]


@pytest.mark.parametrize("size", [b"77777777777\0", b"\x80" + b"\xff" * 11, b"not octal\0\0\0"])
def test_tar_with_sizes_that_lie(size):
    content = bytearray(tarred(("a.exe", MZ), ("b.exe", MZ)))
    content[124:136] = size
    assert list_archive(bytes(content), "tar", depth=1).problem == "a tar archive is broken or cut off"
