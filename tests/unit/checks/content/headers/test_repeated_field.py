# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.repeated_field import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize("name", ["Subject", "From", "Date", "Message-Id", "Reply-To"])
def test_two_values(name):
    assert found(CHECK, letter(f"{name}: one\nTo: bob@example.com\n{name.upper()}: two\n\n")) == ["FIELD_REPEATED"]


def test_a_gateway_that_doubles_a_field():
    assert found(CHECK, letter("Subject: one  and\n more\nSubject: one and more\n\n")) == []


def test_fields_that_may_stand_twice():
    text = "Received: by a.example\nReceived: by b.example\nCc: a@example.com\nCc: b@example.com\nSubject: one\n\n"
    assert found(CHECK, letter(text)) == []
