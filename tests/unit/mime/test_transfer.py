# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import binascii

import pytest

from postward.mime.transfer import decode_base64, decode_transfer


@pytest.mark.parametrize(
    ("octets", "decoded"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVs\r\nbG8=\r\n", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aGVsbG8h\x00\xff*-_", b"hello!"),
        (b"aGVsbG8hQ", b"hello!"),
        (b"a=GVsbG8=", b"hello"),
        (b"====", b""),
        (b"", b""),
        (b"!", b""),
    ],
)
def test_base64_with_rubbish(octets, decoded):
    assert decode_base64(octets) == decoded


def test_any_octets_are_decoded_as_what_was_encoded():
    content = bytes(range(256)) * 40
    assert decode_transfer(base64.encodebytes(content), "base64") == content
    assert decode_transfer(binascii.b2a_qp(content), "quoted-printable") == content
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    assert decode_transfer(b"text\nbegin 644 x\n" + b"".join(lines) + b"`\nend\nmore", "x-uuencode") == content


@pytest.mark.parametrize(
    ("octets", "decoded"),
    [
        (b"a=3D=3d", b"a=="),
        (b"a=\r\nb", b"ab"),
        (b"a= \t\r\nb", b"ab"),
        (b"a=G1 =", b"a=G1 "),
        (b"a_b", b"a_b"),
    ],
)
def test_quoted_printable(octets, decoded):
    assert decode_transfer(octets, "quoted-printable") == decoded


@pytest.mark.parametrize("encoding", ["", "7bit", "8bit", "binary", "x-own"])
def test_all_else_stays(encoding):
    assert decode_transfer(b"a=3D\0", encoding) == b"a=3D\0"
