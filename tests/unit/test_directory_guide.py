# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/directory.md are what Postward takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.config import load
from postward.directory.entry import Known

GUIDE = Path(__file__).parents[2] / "docs" / "directory.md"
EXAMPLES = re.findall(r"(?ms)^```yaml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"))


def test_the_file_of_a_domain(tmp_path):
    (tmp_path / "domains.d").mkdir()
    (tmp_path / "domains.d" / "example.com.yaml").write_text(EXAMPLES[0], encoding="utf-8")
    (tmp_path / "postward.yaml").write_text(f"directory: {{domains_dir: {tmp_path}/domains.d}}\n", encoding="utf-8")
    directory = open_directory(plan_directory(load(tmp_path / "postward.yaml")))
    assert directory.domain("example.com").tenant == "acme"
    assert directory.recipient("sales+x@example.com") is Known.YES
    assert directory.sender("bob", None).addresses == {
        *(f"{name}@example.com" for name in ("alice", "bob", "sales", "support")),
        "carol@example.org",
    }
    alice = directory.profile("alice+x@example.com")
    assert alice.groups == {"staff", "board", "support", "support@example.com"}
    assert (alice.name, alice.manager, alice.attributes["country"]) == ("Alice Example", "bob@example.com", "DE")
    assert directory.profile("carol@example.org").groups == {"support", "support@example.com"}
    assert directory.profile("hall@example.com").kind == "room"
    assert {person.name for person in directory.people()} == {"Alice Example", "Conference hall"}


@pytest.mark.parametrize("example", EXAMPLES[1:])
def test_sections_of_the_configuration(tmp_path, example):
    path = tmp_path / "postward.yaml"
    path.write_text(f"{example}  domains_dir: {tmp_path}/none\n", encoding="utf-8")
    directory = open_directory(plan_directory(load(path)))
    assert not directory.is_empty
    directory.close()
