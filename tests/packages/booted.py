# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian root that is booted: systemd is its process 1, in namespaces of its own, with loopback for a network."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.packages.debian_root import CommandFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.packages.debian_root import DebianRoot

HOST_NAME = "mx.example.net"
_SCRIPT = Path(__file__).with_name("boot-root.sh")
_NAMESPACES = ("--net", "--pid", "--mount", "--uts", "--ipc", "--cgroup")
_BOOT_S = 60.0
_PAUSE_S = 0.1
_ENVIRONMENT = (
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
    "SYSTEMD_PAGER=",
    "SYSTEMD_COLORS=0",
)


@dataclass(frozen=True)
class BootedRoot:
    """A root whose systemd runs."""

    root: DebianRoot
    init: int
    """Process id of its systemd, as this host sees it."""

    def command(self, *command: str) -> list[str]:
        """Return what runs ``command`` inside, with a clean environment."""
        return ["nsenter", "--target", str(self.init), *_NAMESPACES, "env", "-i", *_ENVIRONMENT, *command]

    def run(self, *command: str, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command inside; raises CommandFailedError where it fails and ``check`` is set."""
        done = subprocess.run(self.command(*command), input=stdin, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise CommandFailedError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def shell(self, lines: str, *, check: bool = True) -> str:
        """Run lines of shell as an operator would; return what they print, faults with the rest."""
        return self.run("sh", "-ec" if check else "-c", f"exec 2>&1\n{lines}", check=check).stdout

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command inside that goes on beside the test; its end is the caller's to see to."""
        return subprocess.Popen(
            self.command(*command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def property(self, name: str, unit: str = "postward.service") -> str:
        """One property of a unit, as ``systemctl show`` has it."""
        return self.run("systemctl", "show", "--property", name, "--value", unit).stdout.strip()

    def journal(self, unit: str = "postward.service", *options: str) -> str:
        """What the journal has of a unit, without time and host."""
        return self.run("journalctl", "--quiet", "--output", "cat", "--unit", unit, *options).stdout


@contextmanager
def booted(root: DebianRoot) -> Iterator[BootedRoot]:
    """Boot a root, and end all that runs in it; nothing stays mounted, for all mounts are in its own namespace."""
    (root.folder / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
    group = _control_group()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            ["sh", _SCRIPT, "boot", group, root.folder, HOST_NAME], stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        try:
            yield _await_boot(root, process, said)
        finally:
            _end(process)
            _remove_group(group)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the root's init, and the kernel ends all in its namespaces; unshare takes leave of it and ends too."""
    for init in _children(process):
        os.kill(init, signal.SIGKILL)
    try:
        process.wait(_BOOT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _await_boot(root: DebianRoot, process: subprocess.Popen[bytes], said: IO[str]) -> BootedRoot:
    """Wait until systemd has started what is to be started; some units may have failed that need a machine."""
    deadline_s = time.monotonic() + _BOOT_S
    while time.monotonic() < deadline_s and process.poll() is None:
        children = _children(process)
        if children and Path(f"/proc/{children[0]}/comm").read_text().strip() == "systemd":
            booted_root = BootedRoot(root, children[0])
            state = booted_root.run("systemctl", "is-system-running", "--wait", check=False)
            if state.stdout.strip() in {"running", "degraded"}:
                return booted_root
        time.sleep(_PAUSE_S)
    said.seek(0)
    raise CommandFailedError(f"{root.folder} did not boot: {said.read()}")


def _control_group() -> Path:
    """Make a control group for all of a root, so that its systemd has a tree without strangers in it."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    top = next(Path(mount[1]) for mount in mounts if mount[2] == "cgroup2")
    own = next(line for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
    group = top / own.removeprefix("0::").lstrip("/") / f"postward-root-{os.getpid()}-{time.monotonic_ns()}"
    group.mkdir()
    return group


def _remove_group(group: Path) -> None:
    """Kill what is in it, wait for its end, and remove it with all below it."""
    (group / "cgroup.kill").write_text("1")
    deadline_s = time.monotonic() + _BOOT_S
    while "populated 0" not in (group / "cgroup.events").read_text():
        if time.monotonic() > deadline_s:
            raise CommandFailedError(f"processes in {group} do not end")
        time.sleep(_PAUSE_S)
    for folder in _deepest_first(group):
        folder.rmdir()


def _deepest_first(group: Path) -> Sequence[Path]:
    folders = [group, *(found for found in group.rglob("*") if found.is_dir())]
    return sorted(folders, key=lambda folder: len(folder.parts), reverse=True)
