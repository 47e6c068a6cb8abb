# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole private mail host: DNS, Postfix, and Postward with its Redis, started in this order."""

from __future__ import annotations

import contextlib
import itertools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.kept_redis import KeptRedis
from tests.mailhost.loopback import HOST, free_ports
from tests.mailhost.name_server import NameServer
from tests.mailhost.postfix import MILTER_SOCKET, Postfix
from tests.mailhost.postward_process import PostwardProcess
from tests.mailhost.scratch import Scratch
from tests.mailhost.smtp import SmtpSession
from tests.mailhost.unprivileged import reachable_installation
from tests.mailhost.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.mailhost.letters import Letter
    from tests.mailhost.own_domain import OwnDomain
    from tests.mailhost.smtp import Client

AUTHSERV_ID = "mx.example.net"


def _say_nothing(_words: str) -> None:
    pass


@dataclass(slots=True)
class MailHost:
    """Used as a context manager; needs root, as Postfix does."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """What differs from the shipped configuration, beside what the private host itself needs."""
    milters: str = f"unix:{MILTER_SOCKET}"
    """Postfix's smtpd_milters."""
    zone: Mapping[str, list[Any]] = field(default_factory=dict)
    """More DNS records."""
    own_domain: OwnDomain | None = None
    """A hosted domain with a signing key; None: nobody's mail is signed, and no sender's right is judged."""
    say: Callable[[str], None] = _say_nothing
    """Called with each step in words, before it begins."""
    world: World = field(default_factory=World)
    root: Path = field(init=False)
    metrics_address: str = field(init=False)
    name_server: NameServer = field(init=False)
    postward: PostwardProcess = field(init=False)
    redis: KeptRedis = field(init=False)
    postfix: Postfix = field(init=False)
    _own_settings: dict[str, Any] = field(init=False, default_factory=dict)
    _running: contextlib.ExitStack = field(init=False, default_factory=contextlib.ExitStack)
    _numbers: itertools.count[int] = field(init=False, default_factory=itertools.count)

    def __enter__(self) -> Self:
        if os.geteuid():
            raise MailHostError("the private Postfix can only be started by root")
        with contextlib.ExitStack() as running:
            self._start(running)
            self._running = running.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._running.close()

    def settings_of_host(self) -> dict[str, Any]:
        """The whole difference from the shipped configuration."""
        return {
            "authserv_id": AUTHSERV_ID,
            "listen": f"unix:{self.postfix.spool / MILTER_SOCKET}",
            "workers": 2,
            "metrics": {"listen": self.metrics_address},
            # What one test sends must not count in the next; whoever wants that says so.
            "reputation": {"enabled": False},
            **self._own_settings,
            **self.settings,
            "dns": {"servers": [self.name_server.address], **self.settings.get("dns", {})},
            "arc": {"trusted_sealers": ["lists.example"], **self.settings.get("arc", {})},
        }

    def new_recipient(self) -> str:
        """An address that nobody has written to yet."""
        return f"user{next(self._numbers)}@example.net"

    def session(self, client: Client | None, *, service: str = "mx") -> SmtpSession:
        """Open an SMTP session with one of Postfix's services."""
        return SmtpSession(getattr(self.postfix.ports, service), client)

    def send(self, letter: Letter, *recipients: str, service: str = "mx", smtputf8: bool = False) -> str:
        """Send a letter over SMTP to one of Postfix's services and return Postfix's answer."""
        with self.session(letter.client, service=service) as session:
            return session.send(letter.content, mail_from=letter.mail_from, rcpt_to=recipients, smtputf8=smtputf8)

    def deliver(self, letter: Letter, *, service: str = "mx", smtputf8: bool = False) -> bytes:
        """Send a letter to one new recipient and return it as delivered, lines ended by LF."""
        recipient = self.new_recipient()
        self.send(letter, recipient, service=service, smtputf8=smtputf8)
        return self.postfix.mailbox.wait_for(recipient)[0]

    def _start(self, running: contextlib.ExitStack) -> None:
        self.root = running.enter_context(Scratch())
        own_zone = {}
        if self.own_domain is not None:
            self.say("a domain of its own, with a signing key")
            self._own_settings = self.own_domain.install(self.root)
            own_zone = self.own_domain.zone()
        self.say("name server with the senders' records")
        self.name_server = running.enter_context(NameServer({**self.world.zone(), **own_zone, **self.zone}))
        self.say("Postfix with a queue and configuration of its own")
        self.postfix = running.enter_context(Postfix(self.root / "postfix", milters=self.milters))
        self.say("Postward as an unprivileged account, with its Redis")
        self.metrics_address = f"{HOST}:{free_ports(1)[0]}"
        installation = reachable_installation(self.root)
        self.postward = running.enter_context(
            PostwardProcess(self.root / "postward", installation, self.settings_of_host())
        )
        self.redis = KeptRedis(self.postward)
