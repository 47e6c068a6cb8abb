# SPDX-License-Identifier: GPL-3.0-or-later
"""A header beyond its bounds: what is not read cannot be cleaned of forged fields."""

from __future__ import annotations

import pytest

from tests.mailhost.world import World
from tests.milter.client import final, greet
from tests.milter.filter import running_filter

FIELDS = 100
FORGED = (b"Authentication-Results", b" mx.example.net; dmarc=pass header.from=bank.example")


@pytest.fixture(scope="module")
def milter():
    with running_filter(World(), workers=1, message={"max_header_fields": FIELDS}) as running:
        yield running


def test_a_forged_field_behind_the_last_one_that_is_read_is_removed(milter):
    fields = [(b"X-Padding", b" 1")] * (FIELDS - 1)
    answers = greet(milter.address).message(*fields, FORGED, (b"X-Other", b" 1"), (b"X-Spam-Flag", b" NO"), FORGED)
    removed = [payload[4:] for command, payload in answers if command == b"m"]
    assert sorted(removed) == [b"Authentication-Results\0\0", b"authentication-results\0\0", b"x-spam-flag\0\0"]
    added = b"".join(payload for command, payload in answers if command == b"i")
    assert b"the header is too large" in added
    assert final(answers) == b"c"


def test_a_flood_of_forged_fields_is_refused(milter):
    answers = greet(milter.address).message(*[(b"X-Padding", b" 1")] * FIELDS, *[FORGED] * 1001)
    assert answers == [(b"y", b"552 5.3.4 Message header has too many fields that only we may write\0")]


def test_the_last_one_that_is_read_is_removed(milter):
    answers = greet(milter.address).message(*[(b"X-Padding", b" 1")] * (FIELDS - 1), FORGED)
    assert (b"m", b"\0\0\0\1Authentication-Results\0\0") in answers
