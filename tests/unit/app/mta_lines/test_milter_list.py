# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.mta_lines.milter_list import parse_milter_list


def test_words_and_braces():
    first, second, third = parse_milter_list(
        "inet:localhost:8891, { unix:postward/milter.sock, connect_timeout = 10s,default_action=accept } $others"
    )
    assert (first.text, first.endpoint, first.settings) == ("inet:localhost:8891", "inet:localhost:8891", {})
    assert second.endpoint == "unix:postward/milter.sock"
    assert second.settings == {"connect_timeout": "10s", "default_action": "accept"}
    assert second.text.startswith("{ unix:")
    assert third.endpoint == "$others"


def test_a_setting_may_be_braced_itself():
    (entry,) = parse_milter_list("{ inet:h:1, { default_action = tempfail }, command_timeout=3s }")
    assert entry.endpoint == "inet:h:1"
    assert entry.settings["command_timeout"] == "3s"


@pytest.mark.parametrize("text", ["", " , ", "{", "}", "{}", "{{", "} {", "{ }", "=" * 10, "{ = }"])
def test_nonsense_raises_nothing(text):
    assert all(entry.endpoint in {"", text.strip(), "{", "{{", "}", "="} for entry in parse_milter_list(text))
