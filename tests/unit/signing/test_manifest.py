# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.signing.manifest import KeyEntry

NOON_S = 1_795_521_600


@pytest.mark.parametrize(
    ("signs_from_s", "signs_until_s", "signs"),
    [
        (None, None, True),
        (NOON_S, None, True),
        (NOON_S + 1, None, False),
        (None, NOON_S, False),
        (None, NOON_S + 1, True),
        (NOON_S - 1, NOON_S + 1, True),
    ],
)
def test_a_key_signs_within_its_bounds(signs_from_s, signs_until_s, signs):
    entry = KeyEntry(selector="s", file="s.pem", signs_from_s=signs_from_s, signs_until_s=signs_until_s)
    assert entry.signs_at(NOON_S) is signs
