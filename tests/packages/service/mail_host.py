# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail host in a booted root: what its operator does by hand, and the mail that comes out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mailhost.folder_watch import IN_CREATE, IN_MOVED_TO, FolderWatch
from tests.packages.booted import HOST_NAME

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection, Mapping
    from email.message import Message

    from tests.packages.booted import BootedRoot

PACKAGE = "/root/postward.deb"
STRANGER = "192.0.2.10"
_LOAD = Path(__file__).with_name("load.py")
_DELIVERY_S = 90.0
_ONE_MESSAGE = """\
import smtplib, sys
stranger, name, lines = sys.argv[1:]
text = f"From: bob@example.org\\r\\nTo: alice@example.net\\r\\nX-Test: {name}\\r\\n\\r\\n"
text += "hello, this is a line of a message\\r\\n" * int(lines)
smtp = smtplib.SMTP("127.0.0.1", 25, "client.example.org", source_address=(stranger, 0))
smtp.ehlo()
steps = (
    lambda: smtp.mail("bob@example.org"), lambda: smtp.rcpt("alice@example.net"), lambda: smtp.data(text)
)
for step in steps:
    answer = step()
    if answer[0] != 250:
        break
print(answer)
"""
_POSTFIX_SETTINGS = (
    f"myhostname = {HOST_NAME}", "mydestination = example.net, $myhostname, localhost", "home_mailbox = Maildir/"
)  # fmt: skip


@dataclass(frozen=True)
class LoadReport:
    """What the senders of a load were told."""

    accepted: tuple[str, ...]
    put_off: tuple[str, ...]
    """Answers that asked them to come again."""
    refused: tuple[str, ...]


class MailHost:
    """The host, seen by its operator, by those who send to it and by its user alice."""

    def __init__(self, root: BootedRoot) -> None:
        self.root = root
        self.new = root.root.path("/home/alice/Maildir/new")

    def set_up_postfix(self) -> None:
        """What any operator sets, with or without Postward: names and where mail goes; and alice."""
        for setting in _POSTFIX_SETTINGS:
            self.root.run("postconf", "-e", setting)
        self.root.shell(
            "useradd --create-home alice\n"
            "cd /home/alice\n"
            "runuser -u alice -- mkdir -p Maildir/new Maildir/cur Maildir/tmp\n"
            f"ip address add {STRANGER}/32 dev lo\n"
            "systemctl restart postfix"
        )

    def apply_printed_lines(self) -> str:
        """Do what ``postward mta postfix`` prints, and nothing else; returns what it printed."""
        printed = self.root.run("postward", "mta", "postfix").stdout
        commands = [line.removeprefix("#   ") for line in printed.splitlines() if line.startswith("#   ")]
        assert commands, printed
        self.root.shell("\n".join(commands))
        return printed

    def send(self, name: str, *, lines: int = 1) -> str:
        """Have a stranger send a message; returns the answer to its last dot, or to the first that was put off."""
        return self.root.run("python3", "-I", "-c", _ONE_MESSAGE, STRANGER, name, str(lines)).stdout

    def wait_for(self, names: Collection[str]) -> Mapping[str, Message]:
        """Return all of alice's messages by name, once those are among them; raises TimeoutError."""
        deadline_s = time.monotonic() + _DELIVERY_S
        with FolderWatch(self.new, IN_CREATE | IN_MOVED_TO) as watch:
            while missing := set(names) - (found := self.delivered()).keys():
                if not watch.wait(deadline_s - time.monotonic()):
                    raise TimeoutError(f"not delivered: {sorted(missing)}")
        return found

    def wait_for_one(self, name: str) -> Message:
        """Return that message once it is delivered."""
        return self.wait_for([name])[name]

    def delivered(self) -> dict[str, Message]:
        """All of alice's messages by name."""
        messages = (message_from_bytes(file.read_bytes(), policy=compat32) for file in self.new.iterdir())
        return {str(message["X-Test"]): message for message in messages}

    def start_load(self, label: str) -> subprocess.Popen[str]:
        """Have strangers send until ``end_load``; returns when a good many messages were accepted."""
        (self.root.root.folder / "root/load.py").write_text(_LOAD.read_text(encoding="utf-8"), encoding="utf-8")
        load = self.root.start("python3", "/root/load.py", label)
        assert load.stdout is not None
        first = load.stdout.readline()
        assert first == "begun\n", first + load.communicate()[0]
        return load


def end_load(load: subprocess.Popen[str]) -> LoadReport:
    """Have the senders stop, and read what they were told."""
    told = json.loads(load.communicate()[0])
    return LoadReport(**{name: tuple(values) for name, values in told.items()})


def is_filtered(message: Message) -> bool:
    """Whether the message bears this host's authentication results."""
    results = message.get_all("Authentication-Results") or []
    return any(str(field).startswith(f"{HOST_NAME};") for field in results)
