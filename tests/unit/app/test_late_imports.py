# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker imports by itself it holds for itself, and has in another version once a package was upgraded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, os, pathlib, socket, sys
from postward.app.generation import load_generation
generation = load_generation(pathlib.Path(sys.argv[1]))
known = KNOWN
mine, theirs = socket.socketpair()
engine = generation.make_engine(0, mine)
names = set(sys.modules) - known
print(json.dumps(sorted(name for name in names if name.split(".")[0] in {"postward", "redis", "lxml"})))
sys.stdout.flush()
os._exit(0)
"""
LIMITS = {"quotas": {"login": {"messages_per_hour": 5}}, "greylisting": {"enabled": True}}


def imported(folder, settings, *, known="set(sys.modules)"):
    """What is imported besides ``known`` when the engine of a worker has been made."""
    (folder / "keys").mkdir()
    whole = {"state_dir": str(folder), "listen": f"unix:{folder}/sock", "signing": {"keys_dir": str(folder / "keys")}}
    (folder / "postward.yaml").write_text(json.dumps(whole | settings), encoding="utf-8")
    program = PROGRAM.replace("KNOWN", known)
    command = [sys.executable, "-c", program, str(folder / "postward.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        LIMITS,
        {"redis": {"url": "redis://127.0.0.1:1/0"}, **LIMITS},
        {"redis": {"url": "redis+cluster://127.0.0.1:1"}, **LIMITS},
        {"redis": {"url": None}, "quotas": LIMITS["quotas"]},
        {"redis": {"url": "redis://127.0.0.1:1/0"}, "directory": {"redis": {"enabled": True}}},
    ],
    ids=["as shipped", "limits", "one server", "cluster", "no Redis", "directory"],
)
def test_a_worker_imports_nothing_by_itself(tmp_path, settings):
    assert imported(tmp_path, settings) == []


def test_without_redis_nobody_has_its_client(tmp_path):
    names = imported(tmp_path, {"redis": {"url": None}}, known="set()")
    assert "postward.app.generation" in names
    assert "redis" not in names
