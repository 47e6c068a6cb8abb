# SPDX-License-Identifier: GPL-3.0-or-later
"""A shell on a terminal of its own, at which somebody types."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time

PATIENCE_S = 60.0
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])|.\x08|[\r\x00\x07]")


class Terminal:
    """Ends with its shell."""

    def __init__(self, *command, cwd, env):
        self._ours, theirs = pty.openpty()
        self._shell = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._shell.kill()
        self._shell.wait()
        os.close(self._ours)

    def type(self, keys):
        self._seen = ""
        os.write(self._ours, keys.encode())

    def wait_for(self, text):
        """Read until ``text`` stands on the terminal, and give all that does since the last keys."""
        patient_until = time.monotonic() + PATIENCE_S
        while text not in (shown := _ESCAPES.sub("", self._seen)):
            if not select.select([self._ours], [], [], max(0.0, patient_until - time.monotonic()))[0]:
                raise TimeoutError(f"there is no {text!r} in {shown!r}")
            self._seen += os.read(self._ours, 65536).decode(errors="replace")
        return shown
