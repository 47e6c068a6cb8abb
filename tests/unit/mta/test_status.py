# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.mta.address import parse_listen_address
from postward.mta.status import MtaStatus, default_status_path, read_status, write_status

STATUS = MtaStatus(
    version="1", pid=1, since_s=0.0, written_s=1.0, listen="inet:1@h", state="serving", generations=[], reloads=1,
    last_reload=None, leader_restarts=0, redis=None,
)  # fmt: skip


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "status.json"
    write_status(path, STATUS)
    write_status(path, STATUS)
    assert read_status(path) == STATUS
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [None, "", "[]", "{", "\ud800"])
def test_what_cannot_be_read(tmp_path, content):
    path = tmp_path / "status.json"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert read_status(path) is None


def test_where_it_is():
    assert default_status_path(parse_listen_address("unix:/run/m.sock")) == Path("/run/m.sock.status.json")
    assert default_status_path(parse_listen_address("inet:1@h")) is None
