# SPDX-License-Identifier: GPL-3.0-or-later
"""The completion of the package in real shells, each of which finds the file by its own rules."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.packages.people.terminal import Terminal
from tests.unit.packaging.generating import ROOT, generate


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files, and beside them the command as a package installs it, in an empty folder to work in."""
    folder = tmp_path_factory.mktemp("completion")
    generate("completion", folder)
    command = folder / "bin" / "postward"
    command.parent.mkdir()
    called = f'PYTHONPATH={ROOT}/milter exec {sys.executable} -Bm postward "$@"'
    command.write_text(f"#!/bin/sh\n{called}\n", encoding="utf-8")
    command.chmod(0o755)
    (folder / "here").mkdir()
    (folder / "here" / "letter.eml").write_text("", encoding="utf-8")
    return folder


def ask(folder, *command, typed):
    """What a shell prints to ``command``; ``$typed`` is what stands on the line."""
    env = environment(folder, TERM="dumb", typed=typed)
    done = subprocess.run(command, cwd=folder / "here", env=env, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def in_bash(folder, typed):
    """Readline's part is done by hand; what is a file it completes by itself when nothing is offered."""
    script = """
        . "$folder/bash/postward"
        eval "set -- $(complete -p postward)"
        while [ "$1" != -F ]; do shift; done
        read -ra COMP_WORDS <<<"$typed"
        [ "${typed% }" = "$typed" ] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$typed COMP_POINT=${#typed}
        compopt() { echo "files: $*"; }
        "$2" postward "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    return [line for line in ask(folder, "bash", "--norc", "-c", script, typed=typed) if line]


def in_fish(folder, typed):
    script = "source $folder/fish/postward.fish; complete --do-complete $typed"
    return [line.partition("\t")[0] for line in ask(folder, "fish", "--no-config", "-c", script, typed=typed)]


def environment(folder, **more):
    return {
        "PATH": f"{folder / 'bin'}:{os.defpath}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "folder": str(folder),
        **more,
    }


@pytest.mark.parametrize("complete", [in_bash, in_fish])
def test_commands_options_and_values(folder, complete):
    assert {"check", "keys", "why"} <= set(complete(folder, "postward "))
    assert complete(folder, "postward sy") == ["symbols"]
    assert complete(folder, "postward keys r") == ["rotate"]
    assert "--strict" in complete(folder, "postward check --")
    assert complete(folder, "postward keys new --algorithm e") == ["ed25519"]


SHELLS = {
    "bash": (("bash", "--norc", "-i"), "PS1='rea''dy> '; . $folder/bash/postward"),
    # As where a distribution puts it: compinit finds the file by its name in a folder of $fpath.
    "zsh": (
        ("zsh", "-f", "-i"),
        "unsetopt PROMPT_SP; PS1='rea''dy> '; fpath=($folder/zsh $fpath); autoload -Uz compinit; compinit -D -u",
    ),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("postward sy", "postward symbols "),
        ("postward keys r", "postward keys rotate "),
        ("postward check --conf", "postward check --config"),
        ("postward scan --ip 192.0.2.1 let", "postward scan --ip 192.0.2.1 letter.eml"),
    ],
)
def test_the_tabulator_on_a_terminal(folder, shell, typed, completed):
    command, set_up = SHELLS[shell]
    with Terminal(*command, cwd=folder / "here", env=environment(folder, TERM="vt100")) as terminal:
        terminal.type(f"{set_up}\n")
        terminal.wait_for("ready> ")
        terminal.type(f"{typed}\t")
        terminal.wait_for(completed)
