# SPDX-License-Identifier: GPL-3.0-or-later
"""What a source costs that hangs, ends, or answers with what cannot be used."""

from __future__ import annotations

import pytest

from postward.directory.entry import Known
from postward.directory.source import SourceTimeout, UnusableAnswer
from postward.directory.table import Table
from postward.errors import DirectoryUnavailable
from tests.directory_servers.holders import hanging, stopped
from tests.unit.directory.conftest import SERVERS
from tests.unit.directory.records import EXAMPLE_COM

HANG_S = 1.0
"""How long a source that hangs is waited for."""
DRIVER_S = 20.0
"""How long its driver would wait; so it is never the driver that ends the wait."""


@pytest.fixture(params=SERVERS)
def holder(request, holders):
    return holders[request.param]


def test_a_source_that_hangs_costs_one_time_out_and_is_then_passed_over(holder, open_directory, failures):
    directory = open_directory(holder.source(DRIVER_S), timeout_s=HANG_S)
    with hanging(holder):
        for question in (
            lambda: directory.domain("example.com"),
            lambda: directory.recipient("alice@example.com"),
            lambda: directory.sender("alice@example.com", None),
            lambda: directory.profile("alice@example.com"),
        ):
            with pytest.raises(DirectoryUnavailable):
                question()
    # One was waited for, and the others were told at once.
    assert [type(failure) for _, failure in failures] == [SourceTimeout]


def test_a_connection_in_use_that_hangs(holder, open_directory, failures):
    directory = open_directory(holder.source(DRIVER_S), timeout_s=DRIVER_S)
    assert directory.domain("example.net") is None
    impatient = open_directory(holder.source(DRIVER_S), timeout_s=HANG_S)
    assert impatient.domain("example.org").tenant == "example.org"
    with hanging(holder), pytest.raises(DirectoryUnavailable):
        impatient.domain("example.com")
    assert [type(failure) for _, failure in failures] == [SourceTimeout]


def test_a_source_that_goes_on_is_asked_again(holder, open_directory, clock):
    source = holder.source(DRIVER_S)
    directory = open_directory(source, timeout_s=HANG_S, pass_over_s=10)
    with hanging(holder), pytest.raises(DirectoryUnavailable):
        directory.domain("example.com")
    with pytest.raises(DirectoryUnavailable):
        directory.domain("example.com")
    # The same source on a patient clock: its threads are free by then.
    assert source.domain("example.com").tenant == "acme"
    clock.advance(11)
    assert directory.domain("example.com").tenant == "acme"
    assert directory.domain("example.org").tenant == "example.org"


@pytest.mark.parametrize("failing", [hanging, stopped])
def test_what_is_remembered_serves_while_the_source_fails_but_refuses_nobody(failing, holder, open_directory, clock):
    directory = open_directory(
        holder.source(DRIVER_S),
        timeout_s=HANG_S if failing is hanging else DRIVER_S,
        pass_over_s=3_600,
        positive_ttl_s=300,
        negative_ttl_s=60,
        stale_s=1_000,
    )
    assert directory.domain("example.com").tenant == "acme"
    assert directory.domain("example.net") is None
    assert directory.recipient("alice@example.com") is Known.YES
    assert directory.recipient("mallory@example.com") is Known.NO
    assert directory.sender("alice@example.com", None).tenant == "acme"
    assert directory.sender("mallory@example.com", None) is None
    assert directory.profile("alice@example.com").name == "Alice Example"
    assert directory.profile("mallory@example.com") is None
    clock.advance(301)
    with failing(holder):
        assert directory.domain("example.com").tenant == "acme"
        assert directory.domain("example.net") is None
        assert directory.recipient("alice@example.com") is Known.YES
        assert directory.sender("alice@example.com", None).tenant == "acme"
        with pytest.raises(DirectoryUnavailable):
            directory.recipient("mallory@example.com")
        with pytest.raises(DirectoryUnavailable):
            directory.sender("mallory@example.com", None)
        assert directory.profile("alice@example.com").name == "Alice Example"
        with pytest.raises(DirectoryUnavailable):
            directory.profile("mallory@example.com")
        clock.advance(1_000)
        with pytest.raises(DirectoryUnavailable):
            directory.domain("example.com")


def test_a_source_that_is_down_never_says_no_and_is_back_at_once(holder, open_directory):
    directory = open_directory(holder.source(DRIVER_S))
    assert directory.domain("example.com").tenant == "acme"
    with stopped(holder):
        with pytest.raises(DirectoryUnavailable):
            directory.recipient("mallory@example.com")
        with pytest.raises(DirectoryUnavailable):
            directory.domain("example.org")
    assert directory.recipient("mallory@example.com") is Known.NO
    assert directory.domain("example.org").tenant == "example.org"


def test_a_source_behind_one_that_fails_may_say_yes_and_never_no(holder, open_directory):
    directory = open_directory(Table([EXAMPLE_COM]), holder.source(DRIVER_S))
    with stopped(holder):
        # The files are asked first and know the domain and alice; whether the other has mallory nobody can tell.
        assert directory.domain("example.com").tenant == "acme"
        assert directory.recipient("alice@example.com") is Known.YES
        with pytest.raises(DirectoryUnavailable):
            directory.recipient("mallory@example.com")


def test_what_cannot_be_used_spoils_one_question_only(holder, open_directory, failures):
    directory = open_directory(holder.source(DRIVER_S))
    with pytest.raises(DirectoryUnavailable):
        directory.domain("broken.example")
    with pytest.raises(DirectoryUnavailable):
        directory.sender("broken@example.com", None)
    with pytest.raises(DirectoryUnavailable):
        directory.profile("broken@example.com")
    # Told once, however often it happens within a while.
    assert [type(failure) for _, failure in failures] == [UnusableAnswer]
    assert directory.domain("example.com").tenant == "acme"


def test_a_source_that_stays_down_is_told_now_and_then(holder, open_directory, failures, clock):
    directory = open_directory(holder.source(DRIVER_S), pass_over_s=10)
    with stopped(holder):
        for number in range(20):
            with pytest.raises(DirectoryUnavailable):
                directory.domain(f"{number}.example")
        assert len(failures) == 1
        clock.advance(10)
        with pytest.raises(DirectoryUnavailable):
            directory.domain("example.com")
        assert len(failures) == 2
