# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.spf.selection import select_record
from postward.errors import PermanentFailure


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], None),
        ([b"v=spf1"], "v=spf1"),
        ([b"V=SPF1 -all"], "V=SPF1 -all"),
        ([b"v=spf1 -all", b"v=spf10", b"v=spf2.0/pra", b"\xff"], "v=spf1 -all"),
        ([b"v=spf1\n"], None),
        ([b"v=spf1\t-all"], None),
        ([b" v=spf1 -all"], None),
        ([b"v=spf"], None),
        ([b""], None),
    ],
)
def test_selection(texts, expected):
    assert select_record(texts) == expected


@pytest.mark.parametrize("texts", [[b"v=spf1", b"v=spf1"], [b"v=spf1 -all", b"V=spf1 +all"], [b"v=spf1 x=\xe9"]])
def test_no_usable_record(texts):
    with pytest.raises(PermanentFailure):
        select_record(texts)
