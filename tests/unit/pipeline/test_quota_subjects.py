# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that strangers have chosen: each counts for itself, in a form of bounded length."""

from __future__ import annotations

import pytest

from postward.model.quota import QuotaSubject
from postward.pipeline.quota_subjects import domain_name, login_name
from postward.store.quotas.keys import quota_key

LONG = "y" * 65_536
HOSTILE = [
    "a b", "a\x00", "a\r\nb", "a{b}", "}a{", "a\udc80", "é\x00", "#a", "%41", LONG, LONG + "y", LONG + "z", "é" + LONG,
    "\udcff" * 400, "\udcff" * 401, "a:b", "*", "", " ",
]  # fmt: skip


@pytest.mark.parametrize("name_of", [login_name, domain_name])
def test_no_two_of_them_become_one(name_of):
    names = [name_of(name) for name in HOSTILE]
    assert len(set(names)) == len(HOSTILE)
    assert max(map(len, names)) <= 320
    keys = [quota_key(subject, name) for name in names for subject in QuotaSubject]
    assert len(set(keys)) == len(HOSTILE) * len(QuotaSubject)
    assert all(key.isascii() and key.isprintable() and " " not in key and len(key) < 140 for key in keys)
    assert all(key.startswith("pw:q{") and key.index("}") == len(key) - 1 for key in keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [("EXAMPLE.com", "example.com."), ("BÜCHER.example", "xn--bcher-kva.example"), ("a.example", "A．EXAMPLE")],
)
def test_two_ways_to_write_one_domain_are_one(one, other):
    assert domain_name(one) == domain_name(other)
