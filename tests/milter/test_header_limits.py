"""A header beyond its bounds: what is not read cannot be cleaned of forged fields."""

from __future__ import annotations

import pytest

from tests.mailhost.world import World
from tests.milter.client import greet
from tests.milter.filter import running_filter

FIELDS = 100
FORGED = (b"Authentication-Results", b" mx.example.net; dmarc=pass header.from=bank.example")


@pytest.fixture(scope="module")
def milter():
    with running_filter(World(), workers=1, message={"max_header_fields": FIELDS}) as running:
        yield running


def test_a_forged_field_behind_the_last_one_that_is_read_does_not_pass(milter):
    answers = greet(milter.address).message(*[(b"X-Padding", b" 1")] * FIELDS, FORGED)
    assert answers == [(b"y", b"552 5.3.4 Message header is too large\0")]


def test_the_last_one_that_is_read_is_removed(milter):
    answers = greet(milter.address).message(*[(b"X-Padding", b" 1")] * (FIELDS - 1), FORGED)
    assert (b"m", b"\0\0\0\1Authentication-Results\0\0") in answers
