# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.arc import ArcResult, ArcStatus
from postward.model.header import HeaderField, Headers
from postward.signing.arc.place import NotSealable, Place, find_place

FAILED = ArcResult(status=ArcStatus.FAIL, reason="broken")


def header(*fields):
    return Headers(HeaderField(*field.encode().split(b":", 1)) for field in fields)


def why_not(headers, arc):
    with pytest.raises(NotSealable) as caught:
        find_place(headers, arc)
    return caught.value.reason


def test_the_first_set_of_a_message():
    found = find_place(header("From: a@b.example"), ArcResult(status=ArcStatus.NONE))
    assert found == Place(instance=1, status=ArcStatus.NONE)


@pytest.mark.parametrize("status", [ArcStatus.PASS, ArcStatus.FAIL])
@pytest.mark.parametrize("name", ["ARC-Seal", "arc-message-signature ", "ARC-AUTHENTICATION-RESULTS"])
@pytest.mark.parametrize(
    ("value", "instance"),
    [
        (" i=1; x", 2),
        ("i=49", 50),
        ("\r\n\ti\t=\r\n 7 ;cv=pass", 8),
        (" a=rsa-sha256; i=07; cv=none", 8),
        (" i=0;", 1),
        (" i=51;", 1),
        (" i=100;", 1),
        (" i=x; i=3", 4),
        (" j=3; ai=4; I=5", 1),
        ("", 1),
        (" i=" + "9" * 5000, 1),
    ],
)
def test_one_more_than_the_highest_valid_instance_of_any_field(status, name, value, instance):
    found = find_place(header("ARC-Seal: i=x", f"{name}:{value}"), ArcResult(status=status))
    assert found == Place(instance=instance, status=status)


def test_the_highest_is_not_the_topmost():
    found = find_place(header("ARC-Seal: i=2", "ARC-Seal: i=12", "ARC-Seal: i=3"), FAILED)
    assert found.instance == 13


@pytest.mark.parametrize("name", ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"])
def test_there_is_no_instance_above_50(name):
    assert why_not(header(f"{name}: i=50;"), FAILED) == "the chain has 50 sets, and none may have more"


@pytest.mark.parametrize(
    "seal", ["i=2; cv=fail", " cv=FAIL; i=2", "i=2;cv\r\n =\tfail ;", "i=2; zz=1; zz=1; cv=fail;b=x"]
)
def test_a_chain_sealed_as_failed_is_left_alone(seal):
    assert why_not(header(f"ARC-Seal:{seal}", "ARC-Seal: i=1; cv=none"), FAILED) == "the newest ARC-Seal says cv=fail"


@pytest.mark.parametrize("seal", ["i=1; cv=fail", "i=2; cv=failure", "i=2; n=cv=fail", "i=2; xcv=fail"])
def test_only_the_newest_seal_counts(seal):
    assert find_place(header("ARC-Seal: i=2; cv=pass", f"ARC-Seal: {seal}"), FAILED).instance == 3


def test_what_was_not_validated_is_not_sealed():
    assert why_not(header("ARC-Seal: i=1"), None) == "the chain was not validated"
    passing = ArcResult(status=ArcStatus.FAIL, temporary=True)
    assert why_not(header("ARC-Seal: i=1"), passing) == "the chain could not be validated for now"


def test_hostile_fields_take_no_time():
    spaces = " " * 200_000
    values = [";" * 200_000, f";{spaces}" * 2, f"i{spaces}={spaces}x", ";i=" * 60_000, ";cv =" * 40_000]
    for value in values:
        assert find_place(header(f"ARC-Seal:{value}", "ARC-Seal: i=1;" + value), FAILED).instance == 2
