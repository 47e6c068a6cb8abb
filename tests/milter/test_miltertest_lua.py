# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` spoken to by OpenDKIM's miltertest (Debian's package): a second client that is not ours, in C."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.mailhost.world import World
from tests.milter.filter import running_filter
from tests.milter.server import PATIENCE_S

SCRIPT = Path(__file__).with_name("whole_session.lua")


def test_a_whole_session():
    with running_filter(World()) as server:
        done = subprocess.run(
            ["miltertest", "-D", f"address={server.address}", "-s", str(SCRIPT)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        for queue_id, recipients in (("M1", 2), ("M2", 2), ("M3", 2)):
            (line,) = server.wait_for(f" qid={queue_id} ")
            assert " client=192.0.2.20 " in line
            assert f" rcpts={recipients} " in line
            assert "from=orders@shop.example" in line
        assert "outcome=aborted" in server.wait_for("from=gone@bulk.example")[0]
