# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.filenames import extensions_of


@pytest.mark.parametrize(
    ("name", "extensions"),
    [
        ("report.pdf", ("pdf",)),
        ("invoice.pdf.EXE", ("exe", "pdf")),
        ("invoice.exe. . .", ("exe",)),
        ("invoice.exe \t", ("exe",)),
        ("invoice.exe\xa0", ("exe",)),
        ("annex\u202efdp.exe", ("exe",)),
        ("a.e\u200bx\u00ade", ("exe",)),
        ("a.ex\x00e", ("exe",)),
        ("C:\\temp.d\\x.js", ("js",)),
        ("../../etc.d/passwd", ()),
        ("x.exe::$DATA", ("exe",)),
        ("a\uff0eexe", ("exe",)),
        ("a.tar.gz", ("gz", "tar")),
        (".htaccess", ("htaccess",)),
        ("version 1.2 of it.docx", ("docx", "2 of it")),
        ("a. exe", ("exe",)),
        ("none", ()),
        ("", ()),
        ("." * 100_000, ()),
        ("x" * 100_000 + ".exe", ("exe",)),
        ("a." + "x" * 100, ()),
    ],
)
def test_extensions(name, extensions):
    assert extensions_of([name]) == extensions


def test_extensions_of_all_variants_each_once():
    assert extensions_of(["a.pdf", "b.pdf.js", "c.PDF"]) == ("pdf", "js")
