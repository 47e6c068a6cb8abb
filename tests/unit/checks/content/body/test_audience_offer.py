# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.audience_offer import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_somebody_who_has_seen_your_site():
    text = (
        "I found your site and saw that it is not on the first page of Google. Our SEO services bring organic traffic."
    )
    assert found(CHECK, plain(text)) == ["TEXT_AUDIENCE_OFFER"]


def test_near_misses():
    assert found(CHECK, plain("On the first page of the report there is a mistake in the address of the site.")) == []
    assert found(CHECK, plain("Search engines find your site now.")) == []
