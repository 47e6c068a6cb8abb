# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.unfilled_template import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    "field",
    [
        "Subject: Dear %FIRST_NAME%, your parcel waits",
        "Subject: Dear {{ first_name }}, your parcel waits",
        "Subject: Your code is %RND_DIGIT",
        "From: ${sender.name} <x@evil.example>",
        "To: {email} <bob@example.com>",
        "Message-ID: <%RND_UC_CHAR[2-8]@evil.example>",
    ],
)
def test_a_place_that_is_still_there(field):
    assert found(CHECK, letter(f"{field}\n\n")) == ["TEMPLATE_UNFILLED"]


@pytest.mark.parametrize(
    "field",
    [
        "Subject: Save 20% today",
        "Subject: 50% to all, 100% of your money",
        "Subject: [name] list: a question about {a, b}",
        "Subject: Using %s and ${1} in scripts",
        "Message-ID: <{4F0K2-1B}@sender.example>",
        "Reply-To: prvs%bob@sender.example",
        "X-Other: {{name}}",
    ],
)
def test_percent_signs_and_braces_of_people(field):
    assert found(CHECK, letter(f"{field}\n\n")) == []
