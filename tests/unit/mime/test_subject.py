# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.subject import with_prefix
from postward.mime.words import decode_words

TAG = "[EXT] "


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        (b" Hello", b" [EXT] Hello"),
        (b"Hello", b" [EXT] Hello"),
        (b"", b" [EXT]"),
        (b" \r\n ", b" [EXT]"),
        (b" Re: Hello", b" [EXT] Re: Hello"),
        (b" Gr\xfc\xdfe", b" [EXT] Gr\xfc\xdfe"),
        (b" =?utf-8?q?=C3=BC?= x\r\n  =?bad?=", b" [EXT] =?utf-8?q?=C3=BC?= x\r\n  =?bad?="),
        (b" " + b"x" * 70, b" [EXT]\r\n " + b"x" * 70),
    ],
)
def test_the_rest_stays_as_it_is(value, changed):
    assert with_prefix(value, TAG) == changed


@pytest.mark.parametrize(
    "value",
    [
        b" [EXT] Hello",
        b" [ext]  hello",
        b" [EXT]",
        b" Re: [EXT] Hello",
        b" AW: WG: Re[2]: [EXT] Hello",
        b" Fwd:[EXT]Hello",
        b" [list] Re: [EXT] Hello",
        b" =?utf-8?q?=5BEXT=5D_Hello?=",
        b" Re: =?utf-8?b?W0VYVF0=?= Hello",
        "\u56de\u590d\uff1a[EXT] x".encode(),
    ],
)
def test_there_already(value):
    assert with_prefix(value, TAG) is None


@pytest.mark.parametrize("value", [b" Hello [EXT]", b" [EX] T", b" Regarding: [EXT] x", b" [[EXT] x"])
def test_not_there(value):
    assert with_prefix(value, TAG) is not None


@pytest.mark.parametrize("prefix", ["[E\xdcT] ", "[EXT]", "\xfc: ", "[EXT] \xfc", "\xfc"])
@pytest.mark.parametrize("value", [b" =?utf-8?q?=C3=A4?= x", b" plain"])
def test_what_a_reader_sees_begins_with_the_prefix_and_does_so_once(prefix, value):
    changed = with_prefix(value, prefix)
    assert changed.endswith(value.strip())
    shown, rest = decode_words(changed).strip(), decode_words(value).strip()
    assert shown in {prefix + rest, f"{prefix} {rest}"}
    assert with_prefix(changed, prefix) is None


def test_a_prefix_cannot_add_a_field():
    assert b"\n" not in with_prefix(b" x", "[a]\r\nBcc: b ")
    assert with_prefix(b" x", " ") is None
