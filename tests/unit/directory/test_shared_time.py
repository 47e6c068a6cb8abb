# SPDX-License-Identifier: GPL-3.0-or-later
"""The time of one question, where several sources are asked one after the other."""

from __future__ import annotations

import pytest

from postward.directory.directory import Directory
from postward.directory.entry import DomainEntry, Known
from postward.directory.settings import LookUpSettings
from postward.directory.source import SourceTimeout
from postward.errors import DirectoryUnavailable

SETTINGS = LookUpSettings(timeout_s=5.0, pass_over_s=10.0)


class Slow:
    """Knows the domain, and takes all the time there is for its recipients."""

    name = "slow"
    is_immediate = False

    def __init__(self, clock):
        self._clock = clock

    def domain(self, name):
        return DomainEntry(name=name, tenant="acme")

    def recipient(self, local_part, domain):
        self._clock.advance(SETTINGS.timeout_s)
        raise SourceTimeout("took too long")

    def close(self):
        pass


class Prompt(Slow):
    name = "prompt"

    def recipient(self, local_part, domain):
        return Known.YES


def test_a_source_for_which_no_time_is_left_is_not_blamed(clock):
    failures = []
    directory = Directory(
        [Slow(clock), Prompt(clock)], SETTINGS, clock=clock, on_failure=lambda source, _failure: failures.append(source)
    )
    with pytest.raises(DirectoryUnavailable):
        directory.recipient("alice@example.com")
    # The slow one is passed over by now, and the other has its time.
    assert directory.recipient("bob@example.com") is Known.YES
    assert failures == ["slow"]
    directory.close()
