# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.signing.arc.when import SealWhen, is_forwarded, reason_to_seal

FORWARDED, MODIFIED, ALWAYS = SealWhen.FORWARDED, SealWhen.MODIFIED, SealWhen.ALWAYS
HOSTED = {"hosted.example": True, "elsewhere.example": False}


@pytest.mark.parametrize(
    ("when", "forwarded", "modified", "reason"),
    [
        ({FORWARDED, MODIFIED}, True, True, MODIFIED),
        ({FORWARDED, MODIFIED}, True, False, FORWARDED),
        ({FORWARDED, MODIFIED}, False, True, MODIFIED),
        ({FORWARDED, MODIFIED}, False, False, None),
        ({FORWARDED}, False, True, None),
        ({MODIFIED}, True, False, None),
        ({ALWAYS}, False, False, ALWAYS),
        ({ALWAYS, FORWARDED}, True, False, FORWARDED),
    ],
)
def test_the_occasion(when, forwarded, modified, reason):
    assert reason_to_seal(when, forwarded=forwarded, modified=modified) is reason


@pytest.mark.parametrize(("forwarded", "modified"), [(False, False), (False, True), (True, False), (True, True)])
def test_without_an_occasion_nothing_is_sealed(forwarded, modified):
    assert reason_to_seal(frozenset(), forwarded=forwarded, modified=modified) is None


@pytest.mark.parametrize(
    ("recipients", "forwarded"),
    [
        (["a@hosted.example"], False),
        (["a@HOSTED.example", '"b@c"@hosted.example', "postmaster"], False),
        (["a@hosted.example", "a@elsewhere.example"], True),
        (["a@unknown.example"], True),
        (["a@"], True),
        ([], False),
    ],
)
def test_one_recipient_that_is_not_known_to_be_here_is_enough(recipients, forwarded):
    assert is_forwarded(recipients, HOSTED.get) is forwarded


def test_a_domain_is_asked_about_once():
    asked = []
    assert not is_forwarded([f"{number}@hosted.example" for number in range(50)], lambda name: not asked.append(name))
    assert asked == ["hosted.example"]
