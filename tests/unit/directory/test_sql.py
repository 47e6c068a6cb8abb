# SPDX-License-Identifier: GPL-3.0-or-later
"""What is SQL's own: columns and rows that a query of the operator may give."""

from __future__ import annotations

import pytest

from postward.directory.entry import Known
from postward.directory.source import SourceFailure, UnusableAnswer
from postward.directory.sql.source import SqlSource
from tests.directory_servers import sql_data


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request, holders):
    """Make a source with other queries, and close it."""
    made = []
    holder = holders[request.param]
    url = holder.url if request.param == "sqlite" else holder.server.url

    def make(**queries):
        made.append(SqlSource(sql_data.settings(url, 20.0, **queries)))
        return made[-1]

    yield make
    for source in made:
        source.close()


def test_nothing_is_asked_where_there_is_no_query(make):
    source = make(domain=None, recipient=None, sender=None, networks=None)
    assert source.domain("example.com") is None
    assert source.recipient("alice", "example.com") is Known.NOT_HOSTED
    assert source.sender("alice") is None
    assert source.networks() == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 FROM nothing WHERE 'x' = :login",
        "SELEKT :login",
        "SELECT may_use FROM rights WHERE login = :login; DROP TABLE nothing",
    ],
)
def test_a_query_that_fails_is_a_failure(make, query):
    with pytest.raises(SourceFailure) as caught:
        make(sender=query).sender("alice@example.com")
    assert "alice" not in str(caught.value)


def test_a_query_that_writes_nothing_more_than_it_selects(make):
    source = make(sender="SELECT 'x@example.com' AS may_use WHERE :login = 'alice''; --'")
    assert source.sender("alice'; --").addresses == {"x@example.com"}


@pytest.mark.parametrize(
    "query",
    [
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            " SELECT 'a@example.com' AS may_use FROM n WHERE :login = 'x'"
        ),
        (
            "WITH RECURSIVE n(t, i) AS (SELECT 'a@example.com ', 1 UNION ALL SELECT t || t, i + 1 FROM n WHERE i < 15)"
            " SELECT t AS may_use FROM n WHERE i = 15 AND :login = 'x'"
        ),
        "SELECT 'a b c@' AS may_use WHERE :login = 'x'",
        "SELECT 17 AS may_use, 'x\n' || :login AS tenant WHERE :login = 'x'",
    ],
)
def test_an_answer_that_is_too_much_or_nonsense_cannot_be_used(make, query):
    with pytest.raises(UnusableAnswer):
        make(sender=query).sender("x")


def test_columns_have_a_bound_too(make):
    columns = ", ".join(f"{number} AS c{number}" for number in range(150))
    with pytest.raises(UnusableAnswer):
        make(domain=f"SELECT {columns} WHERE :domain <> ''").domain("example.com")


def test_a_row_without_may_use_gives_a_login_its_own_address(make):
    source = make(sender="SELECT 'acme' AS tenant WHERE :login <> ''")
    entry = source.sender("alice@example.com")
    assert (entry.addresses, entry.tenant) == ({"alice@example.com"}, "acme")


@pytest.mark.parametrize("network", ["'192.0.2.1/24'", "'x'", "NULL", "5000000000"])
def test_a_network_that_is_none(make, network):
    with pytest.raises(UnusableAnswer):
        make(networks=f"SELECT {network} AS network, '*' AS may_use").networks()
