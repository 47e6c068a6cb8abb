# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.directory.entry import DomainEntry, DomainSettings
from postward.directory.fields import domain_entry
from postward.directory.source import UnusableAnswer


def test_all_fields():
    fields = {
        "tenant": b"acme",
        "junk_threshold": Decimal("4.50"),
        "on_dmarc_reject": "reject",
        "on_dmarc_quarantine": "junk",
        "reject_unknown_recipients": 1,
        "archive_address": "archive@example.com",
        "banner": "Externe Nachricht – Ärger",
        "number": 3,
        "nothing": None,
        "empty": " ",
    }
    assert domain_entry("example.com", fields) == DomainEntry(
        name="example.com",
        tenant="acme",
        settings=DomainSettings(
            junk_threshold=4.5,
            on_dmarc_reject="reject",
            on_dmarc_quarantine="junk",
            reject_unknown_recipients=True,
            archive_address="archive@example.com",
            values={"banner": "Externe Nachricht – Ärger", "number": "3"},
        ),
    )


def test_no_fields():
    assert domain_entry("example.com", {}) == DomainEntry(name="example.com", tenant="example.com")


@pytest.mark.parametrize(
    "fields",
    [
        {"junk_threshold": "many"},
        {"junk_threshold": float("nan")},
        {"junk_threshold": float("inf")},
        {"junk_threshold": -1},
        {"junk_threshold": "1" * 400},
        {"on_dmarc_reject": "delete"},
        {"on_dmarc_quarantine": True},
        {"reject_unknown_recipients": "perhaps"},
        {"reject_unknown_recipients": 2},
        {"archive_address": "nobody"},
        {"archive_address": "a b@example.com"},
        {"archive_address": "a@example.com>\r\nRCPT TO:<b@example.com"},
        {"tenant": "acme\r\nX-Spam: no"},
        {"tenant": b"\xff\xfe"},
        {"tenant": "x" * 1_025},
        {"value": b"x" * 10_000_000},
        {"value": 10**100_000},
        {"value": "\x00"},
        {f"f{number}": "x" for number in range(101)},
    ],
)
def test_what_cannot_be_used_is_refused(fields):
    with pytest.raises(UnusableAnswer):
        domain_entry("example.com", fields)


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals() | st.dates()
_NAMES = st.sampled_from(
    ["tenant", "junk_threshold", "on_dmarc_reject", "reject_unknown_recipients", "archive_address"]
)


@given(st.dictionaries(_NAMES | st.text(), _VALUES))
def test_any_values_make_a_domain_or_are_refused(fields):
    try:
        entry = domain_entry("example.com", fields)
    except UnusableAnswer:
        return
    assert all(value.isprintable() for value in (entry.tenant, *entry.settings.values.values()))
