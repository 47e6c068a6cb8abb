# SPDX-License-Identifier: GPL-3.0-or-later
"""Send a message to a demo that stays up (KEEP=1), as another host: XCLIENT names it.

usage: send.py [--as bank|shop|list|stranger] [--from ADDRESS] [--to ADDRESS] PORT [FILE]
"""

from __future__ import annotations

import argparse
import smtplib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.mailhost.smtp import SmtpSession
from tests.mailhost.world import World


def main() -> int:
    """Send what FILE or standard input holds, and print the answer; returns the exit status."""
    world = World()
    clients = {"bank": world.bank_host, "shop": world.shop_host, "list": world.lists_host, "stranger": world.stranger}
    asked = _arguments(list(clients))
    client = clients[asked.client]
    sender = asked.sender or f"info@{client.name.partition('.')[2]}"
    lines = sys.stdin.buffer.read() if asked.file == "-" else Path(asked.file).read_bytes()
    try:
        with SmtpSession(asked.port, client) as session:
            answer = session.send(b"\r\n".join(lines.splitlines()) + b"\r\n", mail_from=sender, rcpt_to=[asked.to])
    except smtplib.SMTPResponseException as refusal:
        sys.stderr.write(f"send.py: {refusal.smtp_code} {refusal.smtp_error}\n")
        return 1
    except (OSError, smtplib.SMTPException) as error:
        sys.stderr.write(f"send.py: {error}\n")
        return 1
    sys.stdout.write(f"{answer}\n")
    return 0


def _arguments(clients: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="send.py", description="Send a message to the demo that stays up.")
    parser.add_argument("port", type=int, help="port of the demo's Postfix, as the demo says")
    parser.add_argument("file", nargs="?", default="-", help="the message (standard input)")
    parser.add_argument("--as", dest="client", choices=clients, default="stranger", help="the host that sends it")
    parser.add_argument("--from", dest="sender", help="envelope sender (info@ that host's domain)")
    parser.add_argument("--to", default="you@example.net", help="recipient; all of example.net exists")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
