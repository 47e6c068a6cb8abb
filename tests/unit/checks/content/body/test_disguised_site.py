# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.disguised_site import CHECK, is_disguised
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


def a_labels(name: str) -> str:
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in name.split(".")
    )


@pytest.mark.parametrize("name", ["pаypal.com", "аррӏе.com", "www.gοοgle.com", "microsоft-login.net"])
def test_names_that_look_like_others(name):
    assert is_disguised(a_labels(name))
    assert found(CHECK, anchor(f"https://{a_labels(name)}/")) == ["LINK_MIXED_SCRIPTS"]


@pytest.mark.parametrize(
    "name",
    ["müller.de", "www.bücher.example", "почта.рф", "яндекс.com", "例え.jp", "sony例え.jp", "ελλάδα.gr", "paypal.com"],
)
def test_names_that_are_what_they_look_like(name):
    assert not is_disguised(a_labels(name))
    assert found(CHECK, anchor(f"https://{a_labels(name)}/")) == []


@pytest.mark.parametrize("name", ["xn--.com", "xn--99999999999.com", "xn--a-ecp.ru", "xn--" + "z" * 60 + ".com"])
def test_what_is_no_name_in_any_script(name):
    assert not is_disguised(name)
