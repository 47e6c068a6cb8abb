# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mta.body_lines import line_fault

LONGEST = b"x" * 998


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"a",
        LONGEST,
        LONGEST + b"\r\n",
        (LONGEST + b"\r\n\r\n") * 3 + LONGEST,
        b"a\0b\r\n",
        b"\xff\r\n" * 999,
    ],
)
def test_nothing_is_wrong(body):
    assert line_fault(body) == ""


@pytest.mark.parametrize("before", [b"", b"\r\n", b"a\r\n", b"a\r\n\r\n", (LONGEST + b"\r\n") * 2])
@pytest.mark.parametrize("behind", [b"", b"\r\n", b"\r\na", b"\r\n" + LONGEST])
def test_a_line_that_is_too_long_wherever_it_stands(before, behind):
    assert "998" in line_fault(before + LONGEST + b"x" + behind)
    assert line_fault(before + LONGEST + behind) == ""


@pytest.mark.parametrize("body", [b"\n", b"a\nb\r\n", b"a\rb", b"a\r", b"a\r\r\n", b"\n\r"])
def test_an_octet_of_a_line_end_alone(body):
    assert "CRLF" in line_fault(body)
