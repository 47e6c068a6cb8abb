# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.virus_field import virus_field
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.transaction import Facts


def status(result=None, **not_checked):
    facts = Facts()
    if result is not None:
        facts.scans["clamav"] = result
    facts.not_checked.update(not_checked)
    field = virus_field(facts)
    return field and field.value.decode("ascii").replace("\r\n\t", " ")


def infected(*names):
    return status(ScanResult(status=ScanStatus.VIRUS, viruses=names))


def test_a_message_that_was_scanned():
    assert status(ScanResult(status=ScanStatus.CLEAN)) == "Clean"
    assert infected("Eicar-Signature") == "Infected (Eicar-Signature)"
    assert infected("Win.Test-1", "Html.Phish/2+3") == "Infected (Win.Test-1, Html.Phish/2+3)"


def test_without_a_scanner_nothing_is_said():
    assert status() is None
    assert status(spamassassin="no answer") is None


@pytest.mark.parametrize("outcome", [ScanStatus.SKIPPED, ScanStatus.FAILED])
def test_a_message_that_was_not_scanned_says_why(outcome):
    assert status(ScanResult(status=outcome, reason="no answer within 5 s")) == "Unchecked (no answer within 5 s)"
    assert status(ScanResult(status=outcome)) == "Unchecked (no reason known)"


def test_a_scanner_that_was_not_come_to():
    assert status(clamav="\r\nX-Spam-Flag: NO") == "Unchecked (the scanner could not be asked)"


@pytest.mark.parametrize("name", ["a)\r\nX-Spam-Flag: NO (", "a\x1b[2J", "a\u202eb", "a (b"])
def test_what_a_virus_is_called_breaks_no_field(name):
    value = infected(name)
    assert value.isprintable()
    assert value.isascii()
    assert (value.count("("), value.count(")")) == (1, 1)


def test_names_are_bounded_in_length_and_number():
    value = infected("A" * 5000, "", "B", "C")
    assert value == f"Infected ({'A' * 100}, B)"
    assert infected("") == "Infected (unnamed)"


def test_a_reason_in_words_of_others_is_left_out():
    assert status(ScanResult(status=ScanStatus.FAILED, reason="é\r\n")) == "Unchecked (no reason known)"
