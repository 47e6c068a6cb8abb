# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import dataclass

import pytest

from postward.checks.order import in_order
from postward.errors import UsageError


@dataclass
class Named:
    name: str
    requires: tuple[str, ...] = ()


def test_a_check_comes_after_those_it_requires():
    names = [check.name for check in in_order([Named("dmarc", ("spf", "dkim")), Named("dkim"), Named("spf")])]
    assert names.index("dmarc") == 2


def test_a_required_check_that_is_switched_off_is_ignored():
    assert [check.name for check in in_order([Named("dmarc", ("spf",))])] == ["dmarc"]


def test_a_circle_is_an_error():
    with pytest.raises(UsageError, match="circle"):
        in_order([Named("a", ("b",)), Named("b", ("a",))])
