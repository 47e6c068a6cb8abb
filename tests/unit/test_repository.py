# SPDX-License-Identifier: GPL-3.0-or-later
"""What a repository has for people: change log, licences, reports of weaknesses, one command for all checks."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from postward import __version__
from postward.config import load_mapping

ROOT = Path(__file__).parents[2]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
GPL_3_SHA256 = "3972dc9744f6499f0f9b2dbf76696f2ae7ad8af9b23dde66d6af86c9dfb36986"
"""Of the text as the Free Software Foundation publishes it, and Debian has it in /usr/share/common-licenses."""
VERSION = re.compile(r"## \[(Unreleased|\d+\.\d+\.\d+)\](?: - (\d{4}-\d{2}-\d{2}))?")
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
"""Those of Keep a Changelog 1.1.0."""
LINK = re.compile(r"\]\(([^)#:]+)\)")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def numbers(version):
    return tuple(int(number) for number in version.split("."))


def test_versions_of_the_change_log_go_down_and_have_a_day():
    head, *parts = re.split(r"(?m)^(?=## )", CHANGES)
    assert head.startswith("# Changelog\n")
    assert "https://keepachangelog.com/en/1.1.0/" in head
    found = [VERSION.fullmatch(part.splitlines()[0]) for part in parts]
    assert None not in found
    released = [match for match in found if match[1] != "Unreleased"]
    assert [match[1] for match in found[len(found) - len(released) :]] == [match[1] for match in released]
    assert [numbers(match[1]) for match in released] == sorted({numbers(match[1]) for match in released}, reverse=True)
    assert all(date.fromisoformat(match[2]) for match in released)


def test_the_newest_version_of_the_change_log_is_this_one_or_unreleased():
    newest = VERSION.search(CHANGES)[1]
    assert newest in {"Unreleased", __version__}
    released = [match[1] for match in VERSION.finditer(CHANGES) if match[1] != "Unreleased"]
    assert all(numbers(version) <= numbers(__version__) for version in released)


def test_each_part_of_the_change_log_is_a_kind_of_change_with_points():
    for part in re.split(r"(?m)^(?=## )", CHANGES)[1:]:
        before, *kinds = re.split(r"(?m)^### ", part.partition("\n")[2])
        names = [kind.partition("\n")[0] for kind in kinds]
        assert not before.strip()
        assert names == [kind for kind in KINDS if kind in names]
        for kind in kinds:
            lines = kind.partition("\n")[2].strip().splitlines()
            assert lines
            assert [line for line in lines if not re.match(r"(- |  )\S", line)] == []


def test_the_licence_is_whole():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == GPL_3_SHA256
    assert "\nlicense = GPL-3.0-or-later\n" in text_of("setup.cfg")


def test_what_others_wrote_is_named_with_its_licence():
    suites = {path.name for path in (ROOT / "tests" / "suites").iterdir() if (path / "LICENSE").exists()}
    assert suites == {"rfc7208"}
    for suite in suites:
        assert f"tests/suites/{suite}/" in text_of("NOTICE.md")
    assert all((path / "README.md").exists() for path in (ROOT / "tests" / "suites").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "NOTICE.md", "SECURITY.md"])
def test_links_lead_somewhere(name):
    assert [link for link in LINK.findall(text_of(name)) if not (ROOT / link).exists()] == []


def test_a_report_of_a_weakness_goes_to_no_made_up_address():
    assert not re.search(r"[\w.]+@[\w.]+|https?://", text_of("SECURITY.md"))


def test_one_command_runs_all_checks_and_has_a_short_name():
    bootstrap = text_of("packaging/bootstrap")
    steps = re.search(r"(?m)^check\)\n    for step in ([a-z ]+); do", bootstrap)
    assert steps[1].split() == ["lint", "docs", "test"]
    assert re.search(r"(?m)^\.PHONY:.* check ", text_of("Makefile"))
    assert "`make check`" in text_of("CONTRIBUTING.md")


def test_what_runs_before_a_commit_is_in_the_environment_and_asks_no_network():
    hooks = load_mapping(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    extras = re.search(r"(?s)\nlint =\n(.*?)(?:\n\S|\Z)", text_of("setup.cfg"))[1]
    known = {"python", *re.findall(r"(?m)^    ([a-z-]+)", extras)}
    programs = {"lint-imports": "import-linter"}
    for hook in hooks[0]["hooks"]:
        program, *arguments = hook["entry"].split()
        name = program.removeprefix(".venv/bin/")
        assert program.startswith(".venv/bin/")
        assert programs.get(name, name) in known
        assert [path for path in arguments if path.startswith("tests/") and not (ROOT / path).exists()] == []
