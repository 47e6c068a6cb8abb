# SPDX-License-Identifier: GPL-3.0-or-later
"""The page is followed as it is written: its files made, its commands run, their answers compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from postward.model.rule_action import ACTION_KINDS
from postward.rules import api
from postward.rules.message.message import Message
from postward.rules.message.views import AuthView, Client
from postward.rules.needs import Need

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
NAME = re.compile(r"`(\w+)`")
FENCE = re.compile(r"```(\w+)\n(.*?)```\n", re.DOTALL)
FILE = re.compile(r"`([\w/]+\.(?:yaml|py|eml))`:\n\n\Z")


def steps():
    """Give each file as (name, content), and each run of commands as (commands, expected answer or None)."""
    found = list(FENCE.finditer(TEXT))
    for place, fence in enumerate(found):
        kind, content = fence.groups()
        named = FILE.search(TEXT, 0, fence.start())
        follower = found[place + 1] if place + 1 < len(found) else None
        answered = follower is not None and follower.group(1) == "text" and follower.start() == fence.end() + 1
        if kind == "sh":
            yield content, follower.group(2) if answered else None, True
        elif named is not None:
            yield named.group(1), content, False


@pytest.fixture
def environment(tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, arguments in (("postward", "-m postward"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
        program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "milter"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def test_what_the_page_says_is_what_happens(tmp_path, environment):
    folder = tmp_path / "work"
    folder.mkdir()
    commands = 0
    for first, second, is_command in steps():
        if not is_command:
            path = folder / first
            path.parent.mkdir(exist_ok=True)
            path.write_text(second, encoding="utf-8")
            continue
        script = first.replace("export PATH=/opt/postward/bin:$PATH\n", "")
        done = subprocess.run(
            ["sh", "-eu", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert (script, done.returncode, done.stderr if second is not None else "") == (script, 0, "")
        if second is not None:
            assert done.stdout == second
        commands += 1
    assert commands == 8


def test_what_a_plugin_sees_is_there():
    table = TEXT[TEXT.index("| attribute | what it is |") :].partition("\n\n")[0]
    rows = [row.strip("|").split(" | ") for row in table.splitlines()[2:]]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)[`(]", row[0])}
    public = {field.name for field in fields(Message)} | {name for name in vars(Message) if not name.startswith("_")}
    assert named <= public
    told = {row[0].strip(): set(re.findall(r"`([a-z_]+)`", row[1])) for row in rows}
    assert told["`client`"] == {field.name for field in fields(Client)}
    assert told["`auth`"] | {"spf_domain"} == {field.name for field in fields(AuthView)}


def test_every_need_and_every_action_is_named():
    for need in Need:
        assert f"`{need.value}`" in TEXT
    for kind in ACTION_KINDS.values():
        assert f"`{kind.__name__}`" in TEXT
        assert kind.__name__ in api.__all__


def test_the_arguments_of_each_action_are_told_and_no_others():
    table = TEXT[TEXT.index("| action | arguments") :].split("\n\n")[0].splitlines()[2:]
    told = {}
    for row in table:
        names, arguments = (cell.strip() for cell in row.strip("|").split("|"))
        required, _, optional = re.sub(r"\(.*?\)", "", arguments).partition(";")
        for name in NAME.findall(names):
            told[name] = set(NAME.findall(required)), set(NAME.findall(optional))
    assert told == {
        kind.__name__: (
            {field.name for field in fields(kind) if field.default is MISSING},
            {field.name for field in fields(kind) if field.default is not MISSING},
        )
        for kind in ACTION_KINDS.values()
    }
