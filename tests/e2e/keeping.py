# SPDX-License-Identifier: GPL-3.0-or-later
"""A private mail host with rules that keep messages, and commands that deal with what was kept."""

from __future__ import annotations

import contextlib
import json
import smtplib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.loopback import HOST
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain
from tests.mailhost.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

OWN = f"{LOGIN}@{DOMAIN}"
PATIENCE_S = 40
_POLL_S = 0.2


@dataclass(slots=True)
class Keeping:
    """The host, and what one does with it."""

    host: MailHost
    rules: Path
    """The folder of the rules."""

    def set_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Write other rules; ``configure`` puts them in force."""
        (self.rules / "10.yaml").write_text(yaml.safe_dump({"rules": list(rules)}))

    def stranger_writes(self, subject: str, *recipients: str, body: str = "Hello,\n\nall is well.\n") -> bytes:
        """Send mail from outside, and return it as it was sent."""
        content = compose(subject=subject, author="a@bulk.example", body=body)
        letter = Letter(content=content, mail_from="a@bulk.example", client=self.host.world.stranger)
        self.host.send(letter, *recipients)
        return content

    def alice_writes(self, subject: str, *recipients: str) -> bytes:
        """Send mail of our own user, who has logged in."""
        content = compose(subject=subject, author=f"Alice <{OWN}>")
        client = replace(self.host.world.stranger, login=LOGIN)
        self.host.send(Letter(content=content, mail_from=OWN, client=client), *recipients)
        return content

    def refusal(self, write: Callable[..., bytes], *arguments: str) -> tuple[int, str]:
        """What the client is told that sends it."""
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            write(*arguments)
        return refused.value.smtp_code, str(refused.value.smtp_error)

    def run(self, group: str, command: str, *arguments: str, user: str = "nobody") -> Any:
        """Run a command."""
        return self.host.postward.run(
            group, command, "--config", str(self.host.postward.configuration), *arguments, user=user
        )

    def kept(self, group: str, subject: str) -> list[dict[str, Any]]:
        """The kept messages with that subject, oldest first."""
        return list(json.loads(self.run(group, "list", "--json", "--subject", subject).stdout))

    def only(self, group: str, subject: str) -> dict[str, Any]:
        """The only one."""
        (found,) = self.kept(group, subject)
        return found

    def arrived(self, recipient: str) -> list[bytes]:
        """What has been delivered until now."""
        return self.host.postfix.mailbox.messages(recipient)

    def wait_for(self, recipient: str, *, count: int = 1) -> list[bytes]:
        """Wait until so much has been delivered."""
        return self.host.postfix.mailbox.wait_for(recipient, count=count, timeout_s=PATIENCE_S)

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Put other settings in force, with our own mail going to the private Postfix."""
        smtp = {"smtp": f"{HOST}:{self.host.postfix.ports.mx}"}
        self.host.settings = {**settings, "notify": {**smtp, **settings.get("notify", {})}}
        self.host.postward.configure(self.host.settings_of_host())
        self.host.postward.reload()

    @contextlib.contextmanager
    def other_settings(self, settings: Mapping[str, Any]) -> Iterator[None]:
        """Put other settings in force for a while, besides those that are."""
        before = self.host.settings
        try:
            self.configure({**before, **settings})
            yield
        finally:
            self.configure(before)


@contextlib.contextmanager
def keeping_host(rules: Sequence[Mapping[str, Any]], settings: Mapping[str, Any] | None = None) -> Iterator[Keeping]:
    """Start the host with these rules."""
    with Scratch() as folder:
        folder.chmod(0o755)
        whole = {**(settings or {}), "rules": {"folder": str(folder)}}
        with MailHost(own_domain=OwnDomain()) as host:
            keeping = Keeping(host, folder)
            keeping.set_rules(rules)
            keeping.configure(whole)
            yield keeping


def wait_until(is_so: Callable[[], Any], words: str) -> Any:
    """Wait for what no event tells of, and return it; fails in the end."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := is_so()):
        assert time.monotonic() < deadline, words
        time.sleep(_POLL_S)
    return found
