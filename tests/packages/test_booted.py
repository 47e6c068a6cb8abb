# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.packages.booted import booted


class AnyFault(Exception):
    """Of a test."""


def control_groups():
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    top = next(Path(mount[1]) for mount in mounts if mount[2] == "cgroup2")
    return [path for path in top.rglob(f"postward-root-{os.getpid()}-*") if path.is_dir()]


def test_a_booted_root_leaves_nothing_when_a_test_fails_in_it(trixie_root):
    root = trixie_root()
    seen = []
    with pytest.raises(AnyFault):
        fail_in(root, seen)

    [init] = seen
    assert not Path(f"/proc/{init}").exists()
    assert control_groups() == []
    assert str(root.folder) not in Path("/proc/self/mountinfo").read_text()


def fail_in(root, seen):
    with booted(root) as host:
        assert host.run("cat", "/proc/1/comm").stdout == "systemd\n"
        assert host.property("ActiveState", "postfix.service") == "active"
        seen.append(host.init)
        raise AnyFault
