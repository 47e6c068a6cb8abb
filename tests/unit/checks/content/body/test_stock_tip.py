# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.stock_tip import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found


def test_a_tip():
    text = "Stock Alert! Stock Symbol: XYZQ (OTC). 52-week high $1.10, short-term target price $3.75: STRONG BUY."
    assert found(CHECK, plain(text)) == ["TEXT_STOCK_TIP"]


def test_news_of_markets():
    text = "Wall Street closed higher. Acme's shares rose by 3 percent, and analysts have raised their price target."
    assert found(CHECK, plain(text)) == []
