# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.directory.address import Mailbox, login_key, mailbox

KELVIN = "\u212a"
"""KELVIN SIGN, of which lower case makes the ASCII letter k."""


@pytest.mark.parametrize("name", [f"{KELVIN}ate", f"mar{KELVIN}", f"\xe4{KELVIN}"])
def test_no_other_letter_becomes_one_of_ascii(name):
    plain = name.replace(KELVIN, "k")
    assert mailbox(f"{name}@example.com") != mailbox(f"{plain}@example.com")
    assert login_key(name) != login_key(plain)
    assert login_key(f"{name}@example.com") != login_key(f"{plain}@example.com")


def test_case_does_not_count():
    assert mailbox("KATE@EXAMPLE.com") == Mailbox("kate", "example.com")
    assert mailbox("\xc4@example.com") == Mailbox("\xe4", "example.com")
    assert login_key("KATE@Example.com") == "kate@example.com"
    assert login_key("\xc4") == "\xe4"
