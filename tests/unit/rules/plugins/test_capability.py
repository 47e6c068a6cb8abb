# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.model.rule_action import (
    ACTION_KINDS,
    AddRecipient,
    Audit,
    ChangeSender,
    Defer,
    Discard,
    Moderate,
    Redirect,
    Reject,
    SetHeader,
    Tag,
)
from postward.rules.errors import PluginFailure
from postward.rules.plugins.capability import checked_actions, decode_actions, encode_actions

ALL = frozenset(ACTION_KINDS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "name", "x"]), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "action",
    [
        Reject(code=554, text="one\ntwo"),
        Defer(),
        Discard(recipients=("a@b.c",)),
        ChangeSender(address=""),
        ChangeSender(address="a@b.c"),
        SetHeader(name="X-A", value="ä\tb"),
        Moderate(by=("a@b.c",)),
        Audit(severity="low"),
        AddRecipient(address="ü@bücher.example"),
    ],
)
def test_what_is_declared_and_of_the_right_form_passes_by_the_wire_too(action: Any) -> None:
    assert checked_actions([action], ALL) == (action,)
    assert decode_actions(json.loads(json.dumps(encode_actions((action,)))), ALL) == (action,)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (Defer(code=550, enhanced="5.7.1"), "defer: that is no code of its class"),
        (Discard(recipients=("a b@c",)), "discard: recipients are addresses"),
        (Discard(recipients=["a@b.c"]), r"discard: recipients is not tuple\[str, ...\]"),  # type: ignore[arg-type]
        (Discard(recipients=("a@b.c",) * 1001), r"discard: recipients is not tuple\[str, ...\]"),
        (Redirect(address=""), "redirect: that is no address"),
        (Redirect(address="a@b.c>\r\nRCPT TO:<x"), "redirect: address holds what no line may hold"),
        (ChangeSender(address="nobody"), "change_sender: that is no address"),
        (Moderate(by=()), "moderate: by are addresses"),
        (Moderate(by=("a@b.c",), on_expire="explode"), "moderate: it says not when or how it expires"),
        (Moderate(by=("a@b.c",), expire_s=0.0), "moderate: it says not when or how it expires"),
        (Audit(severity="awful"), "audit: severity is low, medium or high"),
        (Tag(name="x" * 8001), "tag: name holds what no line may hold, or is too long"),
    ],
)
def test_what_is_of_another_form_does_not(action: Any, text: str) -> None:
    with pytest.raises(PluginFailure, match=f"^{text}") as failure:
        checked_actions([action], ALL)
    assert failure.value.kind == "rubbish"


def test_what_is_not_declared_does_not() -> None:
    with pytest.raises(PluginFailure, match="it returned tag, which it does not declare in may") as failure:
        checked_actions([Tag(name="x")], frozenset({"discard"}))
    assert failure.value.kind == "capability"


@given(JSON)
def test_whatever_another_process_sends_is_actions_or_a_failure(values: Any) -> None:
    try:
        actions = decode_actions(values, ALL)
    except PluginFailure:
        return
    assert all(type(action) in ACTION_KINDS.values() for action in actions)
