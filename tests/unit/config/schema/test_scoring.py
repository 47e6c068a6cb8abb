# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def faults(tmp_path):
    """What is told of a configuration with these lines: line, key, message and hint of each fault."""

    def read(lines):
        path = tmp_path / "postward.yaml"
        path.write_text(lines)
        with pytest.raises(ConfigErrors) as caught:
            load(path)
        return [(each.line, each.key, each.message, each.hint) for each in caught.value.errors]

    return read


@pytest.mark.parametrize("name", ["our_rule", "AB", "A-B-C", "1_RULE", "A" * 51])
def test_a_composite_is_named_as_symbols_are(faults, name):
    (fault,) = faults(f"scoring:\n  composites:\n    {name}: {{when: SPF_FAIL, score: 1, meaning: some words}}\n")
    assert fault == (
        3,
        f"scoring.composites.{name}",
        "is no name for a symbol",
        "3 to 50 capital letters, digits and _, such as OUR_RULE",
    )


def test_so_is_what_a_list_of_ones_own_finds(faults):
    zone = "dns_lists:\n  zones:\n    ours:\n      zone: bl.example.com\n      codes:\n        127.0.0.2: "
    (fault,) = faults(f"{zone}{{symbol: our_list, score: 3}}\n")
    assert fault[0] == 6
    assert fault[2:] == ("is no name for a symbol", "3 to 50 capital letters, digits and _, such as OUR_RULE")


def test_a_group_is_named_in_small_letters(faults):
    (fault,) = faults("scoring:\n  group_caps:\n    HTML: 2\n")
    assert fault[0] == 3
    assert fault[2:] == ("is no name for a group", "2 to 30 small letters, digits and _, such as html")
