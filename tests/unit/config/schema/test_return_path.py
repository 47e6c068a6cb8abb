# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(f"return_path:\n{text}", encoding="utf-8")
        return load(path).return_path

    return read


def test_by_default_nothing_is_changed_and_nothing_needed():
    section = load(None).return_path
    assert (section.style, section.cfbl_address, section.feedback_id, section.secret_file) == ("none", None, None, None)
    assert (section.refuse_forged, section.max_age_days, section.pool) == (True, 10, "a")


def test_a_whole_section(read):
    section = read(
        "  style: verp\n  domains: [Example.COM]\n  bounce_domain: Bounce.Example.COM\n"
        "  deliver_to: Bounces@Example.com\n"
        "  pool: C\n  cfbl_address: FBL@example.com\n  feedback_id: Example-1\n"
        "  secret_file: /etc/postward/return.secret\n"
    )
    assert section.domains == ("example.com",)
    assert (section.bounce_domain, section.deliver_to) == ("bounce.example.com", "bounces@example.com")
    assert (section.pool, section.cfbl_address, section.feedback_id) == ("c", "fbl@example.com", "Example-1")
    assert section.secret_file == Path("/etc/postward/return.secret")


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("  style: batv\n", "return_path", "needs domains for the style batv"),
        ("  style: verp\n  domains: [a.example]\n", "return_path",
         "needs bounce_domain and deliver_to for the style verp"),
        ("  style: srs\n", "return_path.style", "must be one of none, verp, batv"),
        ("  pool: ab\n", "return_path.pool", "must be one letter"),
        ("  pool: '1'\n", "return_path.pool", "must be one letter"),
        ("  cfbl_address: fbl\n", "return_path.cfbl_address", "is no whole address"),
        ("  cfbl_address: 'j\u00fcrgen@a.example'\n", "return_path.cfbl_address", "must be ASCII"),
        ("  cfbl_address: 'a;b@a.example'\n", "return_path.cfbl_address", "is no address, and no local part of one"),
        ("  feedback_id: 'a:b:c'\n", "return_path.feedback_id", "is no sender's name"),
        ("  feedback_id: 'four'\n", "return_path.feedback_id", "is no sender's name"),
        ("  max_age_days: 0\n", "return_path.max_age_days", "must be at least 1"),
        ("  secret_file: secret\n", "return_path.secret_file", "must be an absolute path"),
    ],
)  # fmt: skip
def test_a_fault_is_named(read, text, key, message):
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    (error,) = caught.value.errors
    assert (error.key, error.message) == (key, message)
