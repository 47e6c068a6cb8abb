# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: two generations, told apart by numbers that come from themselves."""

from __future__ import annotations

import pytest

from postward.signing.feedback_keys import FeedbackKeys, NoSecretsError

OLD, NEW = b"o" * 32, b"n" * 32


def test_the_first_signs_and_the_second_is_accepted():
    keys = FeedbackKeys.parse(NEW + b"\n\n  " + OLD + b"  \r\n")
    assert [key.secret for key in keys] == [NEW, OLD]
    assert keys.current.secret == NEW


def test_one_alone_is_enough():
    assert [key.secret for key in FeedbackKeys.parse(NEW)] == [NEW]


def test_a_number_depends_on_the_secret_alone():
    assert FeedbackKeys.of(NEW, OLD).previous == FeedbackKeys.of(OLD).current
    assert 0 <= FeedbackKeys.of(OLD).current.id <= 255


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no secret"),
        (b" \n\n", "holds no secret"),
        (b"short", "holds a secret of fewer than 32 characters"),
        (NEW + b"\nshort", "holds a secret of fewer than 32 characters"),
        (b"\n".join([NEW, OLD, b"x" * 32]), "holds 3 secrets, and 2 count: a new one and the last"),
    ],
)
def test_what_is_no_file_of_secrets(content, words):
    with pytest.raises(NoSecretsError) as caught:
        FeedbackKeys.parse(content)
    assert str(caught.value) == words


def test_a_secret_is_never_shown():
    assert "nnn" not in repr(FeedbackKeys.of(NEW, OLD))


def test_no_purpose_shares_a_value_with_another():
    key = FeedbackKeys.of(NEW).current
    assert key.digest(b"tenant", b"acme", 16) != key.digest(b"message", b"acme", 16)
    assert key.digest(b"a", b"bc", 16) != key.digest(b"ab", b"c", 16)
