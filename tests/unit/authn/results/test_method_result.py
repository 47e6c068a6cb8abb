# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.results import MethodResult


@pytest.mark.parametrize(
    "changed",
    [{"method": "a b"}, {"result": "pass;"}, {"method": ""}, {"properties": (("smtp", "mail from", "x"),)},
     {"properties": (("sm.tp", "mailfrom", "x"),)}, {"method": "-a"}, {"result": "a-"}],
)  # fmt: skip
def test_only_keywords(changed):
    with pytest.raises(ValueError):
        MethodResult(**({"method": "spf", "result": "pass"} | changed))


def test_values_of_one_property():
    result = MethodResult(
        method="dkim", result="pass", properties=(("header", "d", "a"), ("header", "i", "b"), ("header", "d", "c"))
    )
    assert result.values("header", "d") == ("a", "c")
    assert result.values("smtp", "d") == ()
