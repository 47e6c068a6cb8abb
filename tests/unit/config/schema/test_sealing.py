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
        path.write_text(f"sealing:\n{text}", encoding="utf-8")
        return load(path).sealing

    return read


def test_a_whole_section(read):
    section = read("  enabled: true\n  domain: Example.COM\n  selector: Arc1\n  file: /k/arc.pem\n  when: [always]\n")
    assert (section.domain, section.selector, section.file) == ("example.com", "arc1", Path("/k/arc.pem"))
    assert section.when == ("always",)


def test_off_it_needs_nothing(read):
    assert not read("  domain: example.com\n").enabled


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        ("  enabled: true\n", 2, "sealing", "needs domain and selector and file to be enabled"),
        ("  enabled: true\n  domain: a.example\n  file: /k\n", 2, "sealing", "needs selector to be enabled"),
        ("  file: arc.pem\n", 2, "sealing.file", "must be an absolute path"),
        ("  domain: a..b\n", 2, "sealing.domain", "is no domain name"),
        ("  when: []\n", 2, "sealing.when", "must name an occasion"),
        ("  when: [sometimes]\n", 2, "sealing.when[0]", "must be one of forwarded, modified, always"),
        ("  keys: x\n", 2, "sealing.keys", "unknown key"),
    ],
)
def test_a_fault_is_named_with_its_line(read, text, line, key, message):
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    (error,) = caught.value.errors
    assert (error.line, error.key, error.message) == (line, key, message)
