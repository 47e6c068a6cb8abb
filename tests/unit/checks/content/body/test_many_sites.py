from __future__ import annotations

from postward.checks.content.body.many_sites import CHECK
from tests.unit.checks.content.body.attaching import html
from tests.unit.checks.content.letters import found


def test_many_sites():
    links = "".join(f'<a href="https://www.site{number}.com/">x</a>' for number in range(25))
    assert found(CHECK, html(links)) == ["LINK_MANY_SITES"]


def test_many_hosts_and_pages_of_few_sites():
    links = "".join(f'<a href="https://h{number}.example.com/{number}">x</a>' for number in range(60))
    assert found(CHECK, html(links)) == []
