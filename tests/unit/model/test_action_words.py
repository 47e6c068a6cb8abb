# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.action_words import action_fields, action_words
from postward.model.rule_action import (
    ACTION_KINDS,
    AddRecipient,
    AddScore,
    ChangeSender,
    Notify,
    Redirect,
    Reject,
    Tag,
)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Reject(text="Go away"), "reject code=550 enhanced=5.7.1 text=Go away"),
        (
            AddRecipient(address="a@example.com", notify_never=True),
            "add_recipient address=a@example.com notify_never=true",
        ),
        (AddScore(points=-2.5), "score points=-2.5"),
        (ChangeSender(address=""), "change_sender"),
        (Notify(to=("sender", "b@example.com")), "notify to=sender,b@example.com"),
    ],
)
def test_an_action_is_its_kind_and_what_its_fields_say(action, words):
    assert action_words(action) == words


def test_fields_keep_their_types():
    assert action_fields(Redirect(address="a@example.com", recipients=("b@example.com",))) == {
        "type": "redirect",
        "address": "a@example.com",
        "recipients": ["b@example.com"],
    }


def test_long_values_and_long_lists_are_cut():
    assert len(action_words(Tag(name="x" * 10_000))) == len("tag name=") + 200
    assert action_words(Redirect(address="a", recipients=("b",) * 100)).endswith("b,b,…")


def test_addresses_and_other_texts_are_shown_as_asked():
    action = Redirect(address="a@example.com", recipients=("b@example.com",))
    assert action_words(action, show_address=lambda text: text[:1], show_text=str) == "redirect address=a recipients=b"
    assert action_words(Tag(name="a@b"), show_address=str, show_text=lambda _text: "?") == "tag name=?"


def test_every_kind_is_told_by_its_name():
    assert action_fields(Tag(name="x"))["type"] == "tag"
    assert {type(name) for name in ACTION_KINDS} == {str}
