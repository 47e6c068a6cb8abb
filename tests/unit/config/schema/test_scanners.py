# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.mark.parametrize(
    ("section", "value", "message", "example"),
    [
        ("clamav", "/run/clamav/clamd.ctl", "is no socket", "unix:/run/clamav/clamd.ctl"),
        ("clamav", "unix:clamd.ctl", "needs an absolute path", "inet:3310@127.0.0.1"),
        ("spamassassin", "localhost:783", "is no socket", "inet:783@127.0.0.1"),
        ("rspamd", "inet:11333", "needs a host", "inet:11333@127.0.0.1"),
        ("rspamd", "inet:0@127.0.0.1", "needs a port", "inet:11333@127.0.0.1"),
    ],
)
def test_what_is_no_socket_is_told_with_one_of_that_scanner(tmp_path, section, value, message, example):
    path = tmp_path / "postward.yaml"
    path.write_text(f"{section}:\n  socket: {value}\n")
    with pytest.raises(ConfigErrors) as caught:
        load(path)
    (error,) = caught.value.errors
    assert (error.line, error.key, error.message) == (2, f"{section}.socket", message)
    assert example in error.hint
    assert "milter" not in error.hint
