# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot's own delivery agent with Sieve, on a private configuration: no daemon, no socket, no installed account."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.unprivileged import GROUP, USER, hand_over

if TYPE_CHECKING:
    from pathlib import Path

_LDA = "/usr/lib/dovecot/dovecot-lda"
_TIMEOUT_S = 60
INBOX = "INBOX"

_CONFIGURATION = """\
base_dir = {root}/run
state_dir = {root}/run
ssl = no
log_path = /dev/stderr
postmaster_address = postmaster@example.net
hostname = mx.example.net
mail_location = maildir:~/Maildir
mail_home = {root}/home
lda_mailbox_autocreate = yes
protocol lda {{
  mail_plugins = sieve
}}
namespace inbox {{
  inbox = yes
}}
plugin {{
  sieve = file:~/sieve;active=~/own.sieve
  sieve_before = {script}
}}
!include_try {more}
"""


@dataclass(slots=True)
class DovecotUser:
    """One user, whose mail goes through ``script`` and then through a script of the user's own where there is one."""

    root: Path
    """Must be empty, and open to every account."""
    script: Path
    settings: Path | None = None
    """A file of more settings."""

    def __enter__(self) -> Self:
        for folder in (self.root, self.root / "home", self.root / "run", self.root / "scripts"):
            folder.mkdir(exist_ok=True)
            hand_over(folder)
        # Compiled beside the script, as an operator would have it.
        copy = self.root / "scripts" / self.script.name
        copy.write_bytes(self.script.read_bytes())
        more = self.root / "more.conf"
        more.write_text(self.settings.read_text() if self.settings else "")
        self._configuration.write_text(_CONFIGURATION.format(root=self.root, script=copy, more=more))
        return self

    def __exit__(self, *_exception: object) -> None:
        """Nothing runs."""

    @property
    def _configuration(self) -> Path:
        return self.root / "dovecot.conf"

    @property
    def _home(self) -> Path:
        return self.root / "home"

    def write_own_script(self, text: str) -> None:
        """Give the user a script."""
        (self._home / "own.sieve").write_text(text)

    def deliver(self, message: bytes) -> str:
        """Deliver a message and return the name of its folder; raises MailHostError for none or several."""
        before = self._files()
        said = subprocess.run(
            [_LDA, "-c", str(self._configuration), "-f", "sender@example.com", "-a", "user@example.net"],
            input=message, capture_output=True, timeout=_TIMEOUT_S, check=False, user=USER, group=GROUP,
            extra_groups=[], cwd="/", env={"HOME": str(self._home), "USER": "user", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        new = self._files() - before
        if said.returncode or len(new) != 1 or b"rror" in said.stderr:
            raise MailHostError(f"{len(new)} new files, status {said.returncode}: {said.stderr.decode()}")
        (path,) = new
        name = path.parent.parent.relative_to(self._home / "Maildir").name
        return name.removeprefix(".") or INBOX

    def _files(self) -> set[Path]:
        return {path for path in self._home.glob("Maildir/**/new/*") if path.is_file()}
