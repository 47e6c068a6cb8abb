# SPDX-License-Identifier: GPL-3.0-or-later
"""The file for what a body has beyond memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from postward.mta.spool_file import SpoolFile


def descriptors():
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def test_it_gives_back_what_was_written_to_several_readers(tmp_path):
    spool = SpoolFile(str(tmp_path))
    pieces = [bytes([number]) * 70_000 for number in range(5)]
    for piece in pieces:
        spool.append(piece)
    first, second = spool.chunks(), spool.chunks()
    begun = next(first)
    assert b"".join(second) == b"".join(pieces)
    assert begun + b"".join(first) == b"".join(pieces)


def test_it_has_no_name_and_no_descriptor_when_it_is_gone(tmp_path):
    before = descriptors()
    spool = SpoolFile(str(tmp_path))
    spool.append(b"secret")
    assert list(tmp_path.iterdir()) == []
    del spool
    assert descriptors() == before


def test_a_reader_outlives_the_body(tmp_path):
    spool = SpoolFile(str(tmp_path))
    spool.append(b"content")
    reader = spool.chunks()
    del spool
    assert next(reader) == b"content"


def test_a_directory_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        SpoolFile(str(tmp_path / "missing"))
