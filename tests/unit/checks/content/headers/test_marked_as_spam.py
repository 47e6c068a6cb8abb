# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.marked_as_spam import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Subject: [SPAM] Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("Subject: ***SPAM*** Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("Subject: {Spam?} Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("Subject: (SPAM? 08.00) Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("Subject: [SUSPECTED SPAM] Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("Subject: SPAM: Cheap watches\n", ["SUBJECT_TAGGED_SPAM"]),
        ("X-Spam-Flag: YES\n", ["FLAGGED_SPAM"]),
        ("Subject: Re: [SPAM] is this one?\n", []),
        ("Subject: Spam and eggs\n", []),
        ("Subject: [spam-l] How to report spam\n", []),
        ("Subject: Your spam report\nX-Spam-Flag: NO\n", []),
    ],
)
def test_marks(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names
