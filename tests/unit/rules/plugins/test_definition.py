# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from postward.model.rule_action import Tag
from postward.rules.api import StaticContext, detect, fold_name, message_from, rule
from postward.rules.needs import Need
from postward.rules.plugins.definition import PluginError, definition_of


@dataclass(frozen=True)
class Settings:
    name: str = "x"


@rule(id="a.b-c_1", version=3, needs={"headers"}, may=["tag"], timeout_s=1, on_error="defer", config=Settings)
def plugin(message: Any, config: Settings, context: Any) -> list[Tag]:
    """Tags.

    Always.
    """
    context.log(message.subject)
    return [Tag(name=f"{config.name}{context.rate('k', window_s=60)[0]}")]


def test_a_declared_function_can_be_called_as_it_is() -> None:
    message = message_from(b"Subject: hello\r\n\r\n")
    context = StaticContext(counts={"k": (4,)})
    assert plugin(message, Settings(), context) == [Tag(name="x5")]
    assert context.lines == ["hello"]


def test_what_was_declared_is_read_back() -> None:
    definition = definition_of(plugin)
    assert definition is not None
    assert (definition.id, definition.version, definition.timeout_s) == ("a.b-c_1", 3, 1.0)
    assert definition.needs == {Need.HEADERS}
    assert definition.may == {"tag"}
    assert (definition.on_error, definition.config, definition.description) == ("defer", Settings, "Tags.")
    assert definition_of(test_what_was_declared_is_read_back) is None


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"id": "A"}, "id 'A' must be lower case"),
        ({"id": "a\n"}, "must be lower case"),
        ({"id": "a" * 65}, "must be lower case"),
        ({"version": "1"}, "version must be a whole number"),
        ({"version": True}, "version must be a whole number"),
        ({"timeout_s": 0}, "timeout_s must be more than 0"),
        ({"timeout_s": float("inf")}, "timeout_s must be more than 0"),
        ({"timeout_s": 121}, "at most 120"),
        ({"on_error": "explode"}, "on_error must be one of ignore, defer"),
        ({"config": dict}, "config must be a frozen dataclass"),
        ({"config": Settings()}, "config must be a frozen dataclass"),
        ({"needs": "headers"}, "needs must be a set of words"),
        ({"needs": {"header"}}, "needs: 'header' is not one of"),
        ({"may": {"fly"}}, "may: 'fly' is not one of"),
    ],
)
def test_a_wrong_declaration_is_refused_where_it_stands(wrong: dict[str, Any], text: str) -> None:
    with pytest.raises(PluginError, match=text):
        rule(**{"id": "a", **wrong})(plugin)


def test_numbers_are_detected_and_names_folded() -> None:
    assert detect("payment_card", "4111 1111 1111 1111") == {"4111111111111111"}
    assert fold_name("Boss, Bob") == fold_name("bоb bоss")
    with pytest.raises(PluginError, match="'iban2' is not one of payment_card, iban"):
        detect("iban2", "")
