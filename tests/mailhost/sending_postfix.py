# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's Postfix: it takes mail from us, and sends it on until it is taken, or somebody gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mailhost.postfix import Postfix

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = """\
myhostname = {name}
smtp_helo_name = {name}
virtual_mailbox_domains =
default_transport = smtp
relayhost = [127.0.0.1]:{port}
smtp_tls_security_level = none
smtp_connection_cache_on_demand = no
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
"""


def sending_postfix(root: Path, *, name: str, port: int) -> Postfix:
    """A Postfix with a queue of its own that sends to ``port`` on loopback, and tries again every other second."""
    return Postfix(root, milters="", extra=_MAIN.format(name=name, port=port))
