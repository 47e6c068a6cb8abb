# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mta.link import open_link
from postward.mta.refusal import MAX_TOLD_BYTES, faults_to_tell


def test_a_few_faults_are_told_as_they_are():
    assert faults_to_tell(["a", ValueError("b")]) == ["a", "b"]
    assert faults_to_tell([]) == []


@pytest.mark.parametrize("fault", ["x" * 200_000, "\U0001f4ee" * 900, '"' * 900, ""])
def test_however_many_and_long_they_fit_into_a_message(fault):
    told = faults_to_tell([fault] * 100_000)
    assert sum(len(words) for words in told) < MAX_TOLD_BYTES
    assert told[-1] == f"and {100_000 - len(told) + 1} more"
    here, there = open_link()
    assert here.send("refused", errors=told)
    assert there.receive() == [{"kind": "refused", "errors": told}]
    here.close()
    there.close()


def test_a_long_one_is_cut():
    (told,) = faults_to_tell(["x" * 200_000])
    assert told.startswith("xxx")
    assert told.endswith("…")
