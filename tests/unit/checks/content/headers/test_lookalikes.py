# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.lookalikes import plain_letters, readable_label, skeleton


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("PayPal", "paypal"),
        ("P\u0430yP\u0430l", "paypal"),
        ("\uff30\uff41\uff59", "pay"),
        ("\U0001d5e3\U0001d5ee\U0001d606", "pay"),
        ("M\u00fcller", "muller"),
        ("pay\u200bpal", "paypal"),
        ("\u65e5\u672c", "\u65e5\u672c"),
    ],
)
def test_letters(text, plain):
    assert plain_letters(text) == plain


def test_labels_that_look_alike():
    assert skeleton("paypa1") == skeleton("paypai") == skeleton("paypal")
    assert skeleton("rnicrosoft") == skeleton("micros0ft")
    assert skeleton("dhi") != skeleton("dhl")


def test_labels_as_readers_see_them():
    assert readable_label("xn--bcher-kva") == "b\u00fccher"
    assert readable_label("plain") == "plain"
    assert readable_label("xn--\ud800") == "xn--\ud800"
    assert readable_label("xn--99999999999") == "xn--99999999999"
