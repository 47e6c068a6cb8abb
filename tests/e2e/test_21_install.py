# SPDX-License-Identifier: GPL-3.0-or-later
"""``pip install .`` into a fresh environment, after which ``postward scan`` works anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.mailhost.letters import genuine
from tests.mailhost.world import World

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The command of a fresh environment, made from a copy of the checkout so that the build leaves nothing in it."""
    folder = tmp_path_factory.mktemp("install")
    source = folder / "source"
    source.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "milter"):
        subprocess.run(["cp", "-R", str(ROOT / name), str(source)], check=True)
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(source)],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return environment / "bin" / "postward"


def test_scan_works_outside_the_checkout(installed, tmp_path):
    world = World()
    letter = genuine(world)
    (tmp_path / "message.eml").write_bytes(letter.content)
    (tmp_path / "zone.yaml").write_text(yaml.safe_dump(world.zone()))
    command = [
        installed, "scan", "--ip", letter.client.address, "--helo", letter.client.helo,
        "--mail-from", letter.mail_from, "--rcpt", "you@example.net", "--dns", "zone.yaml", "--json", "message.eml",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"})
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["spf"]["result"] == "pass"
    assert [each["result"] for each in report["dkim"]] == ["pass"]
    assert report["dmarc"]["result"] == "pass"
    assert report["iprev"]["result"] == "pass"
    assert report["verdict"] == "ham"


def test_commands_are_there(installed, tmp_path):
    for command in ("run", "scan", "check", "why", "status", "mta"):
        done = subprocess.run([installed, command, "--help"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
