# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
import subprocess

import pytest

from postward.cli.main import postward
from postward.config.description import described
from tests.unit.packaging.generating import generate


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("man")


@pytest.fixture(scope="module")
def pages(folder):
    return generate("man", folder)


def shown(page):
    """As people read it, without what makes letters bold."""
    command = ["groff", "-man", "-Tutf8", "-ww", "-rLL=300n"]
    done = subprocess.run(command, input=page, capture_output=True, text=True, check=True)
    assert not done.stderr
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout).split())


def test_there_is_one_for_each_command_for_the_file_and_for_the_service(pages):
    commands = {f"postward-{name}.1" for name in postward.list_commands(None)}
    assert set(pages) == {"postward.1", "postward.8", "postward.yaml.5", *commands}


def test_neither_groff_nor_mandoc_warns(pages, folder):
    for page in pages.values():
        assert shown(page)
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *sorted(folder.iterdir())],
        check=False,
        capture_output=True,
        text=True,
    )
    # What it cannot find is another page, which is not installed where tests run.
    assert not [line for line in lint.stdout.splitlines() if "referenced manual not found" not in line]


def test_each_has_a_line_for_the_index(pages, folder):
    for name in pages:
        done = subprocess.run(["lexgrog", folder / name], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        assert f'"{name.rpartition(".")[0]} - ' in done.stdout


def test_each_option_of_each_command_is_told(pages):
    text = shown(pages["postward-keys.1"])
    for words in ("postward keys new [OPTIONS] DOMAIN", "--algorithm rsa|ed25519", "postward keys import opendkim"):
        assert words in text
    for command in postward.list_commands(None):
        page = shown(pages[f"postward-{command}.1"])
        for option in postward.get_command(None, command).params:
            assert all(name in page for name in option.opts if name.startswith("-"))


def test_each_key_is_told(pages):
    text = shown(pages["postward.yaml.5"])
    for item in described():
        if not item.is_section:
            assert f" {'.'.join(item.path)} " in text


def test_the_day_is_that_of_the_sources_and_nothing_else_changes(pages, tmp_path):
    assert '"2025-11-24"' in pages["postward.1"]
    assert generate("man", tmp_path / "again") == pages
