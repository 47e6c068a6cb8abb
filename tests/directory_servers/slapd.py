# SPDX-License-Identifier: GPL-3.0-or-later
"""A private slapd."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from tests.mailhost import stopped
from tests.mailhost.unprivileged import GROUP, USER, hand_over

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = "dc=test"
ADMIN = f"cn=admin,{SUFFIX}"
PASSWORD = "secret"  # noqa: S105 - of a server that lives as long as a test
_STOP_TIMEOUT_S = 20
# Attributes of our own, in the arc that OpenLDAP has set apart for experiments.
_ATTRIBUTES = (
    "pwMayUse", "pwTenant", "pwThreshold", "pwReject", "pwBanner", "pwNetwork", "pwDomain", "pwLogin", "pwMember",
    "pwPerson", "pwName", "pwKind", "pwDepartment", "pwManager", "pwOther", "pwMemberOf",
)  # fmt: skip


@dataclass(slots=True)
class Slapd:
    """One server in the folder ``root``, with an empty data base below ``SUFFIX``."""

    root: Path

    @property
    def url(self) -> str:
        return f"ldapi://{quote(str(self.root / 'socket'), safe='')}"

    def __enter__(self) -> Self:
        self.root.mkdir()
        (self.root / "data").mkdir()
        schema = "\n".join(
            f"attributetype ( 1.3.6.1.4.1.4203.666.1.99.{number} NAME '{name}'"
            " EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"
            for number, name in enumerate(_ATTRIBUTES)
        )
        (self.root / "slapd.conf").write_text(
            f"include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n{schema}\n"
            f"pidfile {self.root}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            f"database mdb\nsuffix {SUFFIX}\nrootdn {ADMIN}\nrootpw {PASSWORD}\n"
            f"directory {self.root}/data\nmaxsize 16777216\ndbnosync\n"
        )
        for path in (self.root, self.root / "data", self.root / "slapd.conf"):
            hand_over(path)
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start; it listens before its first process ends."""
        subprocess.run(
            ["/usr/sbin/slapd", "-f", self.root / "slapd.conf", "-h", self.url],
            user=USER, group=GROUP, extra_groups=[], cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, timeout=60,
        )  # fmt: skip

    def stop(self) -> None:
        """End it and all its connections; does nothing when it does not run."""
        if not (self.root / "pid").exists():
            return
        pid = self._pid
        descriptor = os.pidfd_open(pid)
        self.go_on()
        os.kill(pid, signal.SIGTERM)
        select.select([descriptor], [], [], _STOP_TIMEOUT_S)
        os.close(descriptor)

    def hang(self) -> None:
        stopped.hang(self._pid)

    def go_on(self) -> None:
        stopped.go_on(self._pid)

    @property
    def _pid(self) -> int:
        return int((self.root / "pid").read_text())
