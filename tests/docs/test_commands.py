# SPDX-License-Identifier: GPL-3.0-or-later
"""Each command line of Postward in the documentation is one that it takes."""

from __future__ import annotations

import pytest

from tests.docs.command_lines import command_lines, fault_of
from tests.docs.pages import blocks, inline_code, pages

PAGES = pages()
# Kinds of blocks in which commands stand; what programs print is "text".
SHELL = {"sh", "console", ""}


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_blocks(page):
    faults = [
        (str(block), " ".join(arguments), fault)
        for block in blocks(page)
        if block.kind in SHELL
        for arguments in command_lines(block.text)
        if (fault := fault_of(arguments, whole=True)) is not None
    ]
    assert faults == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_within_sentences(page):
    faults = [
        (f"{page}:{line}", code, fault)
        for line, code in inline_code(page)
        for arguments in command_lines(code)
        if (fault := fault_of(arguments, whole=False)) is not None
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("postward keys new example.com  # an RSA key", [["keys", "new", "example.com"]]),
        ("a && postward check --config-only && b", [["check", "--config-only"]]),
        (".venv/bin/postward scan \\\n  --ip 192.0.2.1 FILE", [["scan", "--ip", "192.0.2.1", "FILE"]]),
        ("postward quarantine list --json | jq . | xargs postward quarantine release", [
            ["quarantine", "list", "--json"], ["quarantine", "release"],
        ]),
        ("systemctl reload postward", []),
        ("journalctl -u postward -f", []),
    ],
)  # fmt: skip
def test_command_lines_are_found(line, found):
    assert command_lines(line) == found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("keys dns example.com", None),
        ("keys import opendkim --dry-run", None),
        ("keys publish example.com", "there is no command 'publish'"),
        ("scan FILE --verdict", "No such option"),
        ("scan", "file is missing"),
        ("status now", "too much"),
        ("keys", "a command is missing"),
    ],
)
def test_what_postward_would_not_take_is_told(line, fault):
    told = fault_of(line.split(), whole=True)
    assert told == fault or (fault is not None and fault in str(told))
