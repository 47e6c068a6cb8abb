# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.macros import CHECK
from tests.unit.checks.content.body.attaching import with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped
from tests.unit.mime.test_true_type import compound

TYPES = ("[Content_Types].xml", b"x")
DOCX = zipped(TYPES, ("word/document.xml", b"x"))
DOCM = zipped(TYPES, ("word/document.xml", b"x"), ("word/vbaProject.bin", b"x"))
DOC = compound("WordDocument")
DOC_WITH_MACROS = DOC + "_VBA_PROJECT\0".encode("utf-16-le").ljust(128, b"\0")


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("plan.docm", DOCM, ["FILE_MACROS"]),
        ("plan.doc", DOC_WITH_MACROS, ["FILE_MACROS"]),
        ("plan.zip", zipped(("plan.docm", DOCM)), ["FILE_MACROS"]),
        ("plan.docx", DOCM, ["FILE_MACROS", "FILE_MACROS_HIDDEN"]),
    ],
)
def test_documents_with_macros(name, content, names):
    assert found(CHECK, with_file(name, content)) == names


@pytest.mark.parametrize(
    ("name", "content"),
    [("plan.docx", DOCX), ("plan.doc", DOC), ("plan.txt", "_VBA_PROJECT".encode("utf-16-le")), ("plan.docm", b"x")],
)
def test_documents_without(name, content):
    assert found(CHECK, with_file(name, content)) == []
