# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that look at everything there is, and messages made to cost: in good time and within bounds of memory."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile

import pytest
import yaml

from tests.mailhost.scratch import Scratch
from tests.milter.filter import running_filter
from tests.worst.ordeal import deliver, split

MEGABYTE = 1_000_000
MAX_GROWTH_BYTES = 400 * 1024 * 1024
"""Archives are unpacked up to 192 MiB for a message, and a megabyte of text is kept in several forms."""
RULES = [
    {"id": "files", "when": {"attachment": {"true_type": {"in": ["exe", "elf"]}, "archives": 3}}},
    {"id": "names", "when": {"attachment": {"name": {"regex": "(?i)(a+)+[.]exe$"}, "archives": 3}}},
    {"id": "large", "when": {"attachments.size": {"gt": "2GB"}}},
    {"id": "words", "when": {"subject_or_body": {"words": [f"no such phrase {number}" for number in range(500)]}}},
    {"id": "pattern", "when": {"body": {"regex": "(x+x+)+y{2}z"}}},
    {"id": "numbers", "when": {"any": [{"detector": {"name": name, "min": 9}} for name in ("payment_card", "iban")]}},
    {"id": "kinds", "when": {"flags": {"any": ["encrypted", "calendar", "bounce"]}}},
    {"id": "header", "when": {"header": {"name": "X-Long", "matches": "(a+)+$"}}},
    {"id": "authors", "when": {"any_address": {"in": ["nobody@nowhere.example"]}}},
    {"id": "last", "when": "always", "do": [{"add_header": {"name": "X-Rules", "value": "all looked at"}}]},
]


@pytest.fixture(scope="module")
def milter(world):
    with Scratch() as folder:
        rules = [{"direction": "any", "do": [{"tag": "seen"}], "include_bounces": True, **rule} for rule in RULES]
        (folder / "all.yaml").write_text(yaml.safe_dump({"rules": rules}))
        folder.chmod(0o755)
        with running_filter(world, workers=1, rules={"folder": str(folder), "plugin_path": []}) as running:
            yield running


def packed(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def bomb(depth: int) -> bytes:
    content = packed(("zeros.bin", b"\0" * 10 * MEGABYTE))
    for level in range(depth):
        content = packed(*((f"{level}-{number}.zip", content) for number in range(10)))
    return content


def attached(content: bytes, name: str = "a.zip") -> bytes:
    head = f'--b\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"\r\n--b--\r\n"


NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1_000))
MIXED = b'multipart/mixed; boundary="b"'
MESSAGES = {
    "nested a thousand times": (MIXED, b"--b\r\n" + NESTED + b"x\r\n"),
    "attached to each other a thousand times": (b"message/rfc822", b"Content-Type: message/rfc822\r\n\r\n" * 1_000),
    "a multipart without a boundary": (b"multipart/mixed", b"--\r\n" * 100_000),
    "a boundary that never ends": (MIXED, b"--b\r\n" * 100_000),
    "archives in archives": (MIXED, attached(bomb(3))),
    "a stream that swells": (MIXED, attached(gzip.compress(b"\0" * 300 * MEGABYTE), "a.gz")),
    "a million members' worth of directory": (MIXED, attached(b"PK\x01\x02" + b"\0" * 42 + b"PK\x01\x02" * 250_000)),
    "five megabytes of one letter": (b"text/plain", b"x" * 5 * MEGABYTE),
    "tags without end": (b"text/html", b"<a " * MEGABYTE),
    "comments without end": (b"text/html", b"<!--" * MEGABYTE),
    "digits without end": (b"text/plain", b"4111 1111 1111 1111 " * 50_000),
    "numbers of accounts": (b"text/plain", b"DE89 " * 200_000),
    "base64 of rubbish": (b"application/octet-stream", b"=?=A" * MEGABYTE),
}  # fmt: skip


def fields(content_type: bytes, *more: bytes):
    head = b"\r\n".join([
        b"From: ann@example.org", b"To: b@example.net", b"Subject: x", b"MIME-Version: 1.0", *more,
        b"Content-Type: " + content_type,
    ])  # fmt: skip
    return split(head + b"\r\n\r\n")[0]


@pytest.mark.parametrize(("content_type", "body"), MESSAGES.values(), ids=MESSAGES)
def test_every_rule_is_asked_in_good_time(milter, content_type, body):
    outcome = deliver(milter, fields(content_type), body).check(bytes_allowed=MAX_GROWTH_BYTES)
    assert (b"h", b"X-Rules\0 all looked at\0") in outcome.answers


def test_a_header_of_a_megabyte(milter):
    lines = [b"X-Long: " + b"a" * 500_000, b"Cc: " + b"a@b.example, " * 30_000]
    outcome = deliver(milter, fields(b"text/plain", *lines)).check(bytes_allowed=MAX_GROWTH_BYTES)
    assert (b"h", b"X-Rules\0 all looked at\0") in outcome.answers
