# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of the log of ``postward run``: that of the configuration in use, whichever process writes a line."""

from __future__ import annotations

import json

from tests.milter.client import final, greet
from tests.milter.filter import Filter
from tests.milter.metrics_page import free_port


def written_as_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def test_all_processes_write_as_the_configuration_says():
    # Nobody answers there; a message is judged without DNS all the same.
    server = Filter("127.0.0.1:1")
    metrics = {"listen": f"127.0.0.1:{free_port()}"}
    try:
        server.configure(log={"format": "json"}, metrics=metrics)
        server.start(wait=False)
        server.wait_for('"event":"metrics.served"')
        session = greet(server.address)
        assert final(session.message()) == b"c"
        session.quit()
        server.wait_for('"event":"message.verdict"')
        server.hang_up()
        server.wait_for('"event":"generation.retired"')
        before_it_was_read = [line.split(" event=")[1].split()[0] for line in server.lines if not written_as_json(line)]
        assert before_it_was_read == ["supervisor.started", "generation.loading"]
        server.configure(metrics={"listen": None})
        server.hang_up()
        server.wait_for(" event=generation.ready")
        server.configure(metrics=metrics)
        server.hang_up()
        server.wait_for(" event=metrics.served")
        server.terminate()
        assert server.wait() == 0
        server.wait_for(" event=supervisor.stopped")
    finally:
        server.stop()
