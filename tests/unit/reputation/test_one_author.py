# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc import read_authors
from postward.reputation.one_author import the_author


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (b" Joe Bloggs <joe@example.com>", "joe@example.com"),
        (b' "Bloggs, Joe (Inc.)" <joe.b+x@mail.example.com>', "joe.b+x@mail.example.com"),
        (b" <joe@example.com>", "joe@example.com"),
        (b" joe@example.com", "joe@example.com"),
        (b" =?utf-8?q?J=C3=B6?= <joe@example.com>", "joe@example.com"),
        (b" Joe <JOE@Example.COM>", "JOE@example.com"),
        (b" Joe <joe@example.com> (x)", "joe@example.com"),
        (b" Joe <joe@example.com>, Eve <eve@example.com>", ""),
        (b" Joe <joe@example.com> <eve@example.com>", ""),
        (b" nonsense", ""),
        (b" <joe@example.com>\r\n", ""),
        (b"", ""),
        (b" Joe <@a.example:joe@example.com>", "joe@example.com"),
    ],
)
def test_the_author_is_whom_dmarc_reads(value, address):
    assert the_author([value]) == address
    authors = read_authors([value])
    assert address == (authors.mailboxes[0].address if len(authors.mailboxes) == 1 and authors.is_readable else "")


@pytest.mark.parametrize("values", [[], [b" <joe@example.com>", b" <eve@example.com>"]])
def test_several_fields_name_nobody_for_certain(values):
    assert the_author(values) == ""


@pytest.mark.parametrize("value", [b" " * 100_000, b" a" * 50_000 + b"<", b'"' * 499, b" <" + b"a" * 400 + b"@"])
def test_hostile_values_take_no_time(value):
    assert the_author([value]) == ""
