# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.shortened_link import CHECK
from tests.unit.checks.content.body.attaching import anchor, plain
from tests.unit.checks.content.letters import found


def test_in_html_and_in_text():
    assert found(CHECK, anchor("https://bit.ly/3xYz")) == ["LINK_SHORTENED"]
    assert found(CHECK, plain("Look: http://www.tinyurl.com/abc")) == ["LINK_SHORTENED"]


@pytest.mark.parametrize(
    "url", ["https://youtu.be/abc", "https://rabbit.ly/x", "https://bit.ly.example/", "https://shop.example/bit.ly/x"]
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []


def test_a_picture_behind_one_is_nothing_that_a_reader_follows():
    assert found(CHECK, anchor("https://shop.example/", '<img src="https://bit.ly/x">')) == []
