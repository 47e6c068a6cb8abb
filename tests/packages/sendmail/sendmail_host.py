# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Sendmail in a root of its own, with Postward from its package beside it, and other hosts around them."""

from __future__ import annotations

import contextlib
import smtplib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import yaml

from tests.dns_fixture import DnsFixture
from tests.mailhost.folder_watch import IN_CREATE, IN_DELETE, IN_MODIFY, FolderWatch
from tests.mailhost.own_domain import OwnDomain
from tests.mailhost.service_notice import ServiceNotice
from tests.mailhost.smarthost import Smarthost
from tests.mailhost.world import World
from tests.packages.sendmail.private_network import PrivateNetwork
from tests.packages.sendmail.root_process import RootProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mailhost.letters import Letter
    from tests.packages.debian_root import DebianRoot

ADDRESS = "192.0.2.25"
NAME = "mx.example.net"
ELSEWHERE = "elsewhere.example"
"""A domain whose mail goes to ``SendmailHost.smarthost``."""
USERS = 40
LOGIN, PASSWORD = "alice", "secret"
INCLUDE = "include(`/usr/share/postward/sendmail/postward.m4')dnl\n"
_START_TIMEOUT_S = 60
_AS_POSTWARD = (
    "setpriv",
    "--reuid=postward",
    "--regid=postward",
    "--init-groups",
    "sh",
    "-c",
    "umask 007; exec postward run",
)

# What this host has besides: local mailboxes, logins, and a host that takes mail for elsewhere.
_MORE = """\
define(`confDOMAIN_NAME', `{name}')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {port}')dnl
FEATURE(`mailertable')dnl
FEATURE(`local_lmtp')dnl
TRUST_AUTH_MECH(`CRAM-MD5')dnl
define(`confAUTH_MECHANISMS', `CRAM-MD5')dnl
"""


@dataclass(slots=True)
class SendmailHost:
    """Used as a context manager; ``root`` has Sendmail and Postward installed."""

    root: DebianRoot
    logs: Path
    """Folder for logs, on this host."""
    world: World = field(default_factory=World)
    own_domain: OwnDomain = field(default_factory=OwnDomain)
    smarthost: Smarthost = field(init=False)
    postward: RootProcess = field(init=False)
    sendmail: RootProcess = field(init=False)
    _network: PrivateNetwork = field(init=False)
    _running: contextlib.ExitStack = field(init=False)
    _numbers: Iterator[int] = field(init=False, default_factory=lambda: iter(range(USERS)))

    def __enter__(self) -> Self:
        world = self.world
        clients = [client.address for client in (world.bank_host, world.shop_host, world.lists_host, world.stranger)]
        with contextlib.ExitStack() as running:
            self._network = running.enter_context(PrivateNetwork([ADDRESS, *clients]))
            with self._network.entered():
                self.smarthost = running.enter_context(Smarthost())
                running.enter_context(DnsFixture(self._zone(), port=53))
            self._configure()
            self.postward = RootProcess(
                self.root, ("env", "NOTIFY_SOCKET=/run/notify", *_AS_POSTWARD), self.logs / "postward.log"
            )
            running.callback(self.stop_postward)
            self.start_postward()
            self.sendmail = RootProcess(self.root, ("sendmail", "-bD"), self.logs / "sendmail.log")
            running.callback(self.sendmail.kill)
            self._start_sendmail()
            self._running = running.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._running.close()

    def new_user(self) -> str:
        """An account that has no mail yet."""
        return f"user{next(self._numbers)}"

    @contextlib.contextmanager
    def session(self, source: str, *, helo: str = "client.example", port: int = 25) -> Iterator[smtplib.SMTP]:
        """An SMTP session from one of the addresses of others."""
        with self._network.entered():
            smtp = smtplib.SMTP(ADDRESS, port, local_hostname=helo, source_address=(source, 0), timeout=60)
        with smtp:
            smtp.ehlo()
            yield smtp

    def deliver(self, letter: Letter) -> bytes:
        """Send a letter from the address of its client to a new user, and return it as it lies in the mailbox."""
        assert letter.client is not None
        user = self.new_user()
        with self.session(letter.client.address, helo=letter.client.helo) as smtp:
            smtp.sendmail(letter.mail_from, [f"{user}@example.net"], letter.content, ["BODY=8BITMIME"])
        return self.wait_for(user)

    def submit(self, content: bytes, *recipients: str) -> None:
        """Send as a user who has logged in."""
        with self.session(self.world.shop_host.address, port=587) as smtp:
            smtp.login(LOGIN, PASSWORD)
            smtp.sendmail(f"{LOGIN}@example.net", recipients, content, ["BODY=8BITMIME"])

    def wait_for(self, user: str) -> bytes:
        """Return the only message in a mailbox, without the line that separates messages; raises TimeoutError."""
        folder = self.root.path("/var/mail")
        deadline = time.monotonic() + _START_TIMEOUT_S
        with FolderWatch(folder, IN_DELETE | IN_MODIFY) as watch:
            while True:
                content = (folder / user).read_bytes() if (folder / user).exists() else b""
                if content.endswith(b"\n\n") and not (folder / f"{user}.lock").exists():
                    return content.partition(b"\n")[2][:-1]
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"no mail for {user}:\n{self.postward.log_text()}\n{self.sendmail.log_text()}")

    def start_postward(self) -> None:
        """Start it, and wait for its word that it is ready."""
        notice = ServiceNotice(self.root.path("/run/notify"))
        try:
            with self._network.entered():
                self.postward.start()
            assert notice.wait_for("READY=1", timeout_s=_START_TIMEOUT_S), self.postward.log_text()
        finally:
            notice.close()

    def stop_postward(self) -> None:
        """End it at once."""
        self.postward.kill()

    def _start_sendmail(self) -> None:
        # It writes its process id when all ports are open.
        self.root.run("install", "-d", "-o", "smmta", "-g", "smmsp", "/run/sendmail/mta")
        folder = self.root.path("/run/sendmail/mta")
        with FolderWatch(folder, IN_CREATE | IN_MODIFY) as watch:
            with self._network.entered():
                self.sendmail.start()
            deadline = time.monotonic() + _START_TIMEOUT_S
            while not ((folder / "sendmail.pid").exists() and (folder / "sendmail.pid").stat().st_size):
                assert watch.wait(deadline - time.monotonic()), self.sendmail.log_text()

    def _zone(self) -> dict[str, list[Any]]:
        return {
            **self.world.zone(),
            **self.own_domain.zone(),
            # Sendmail takes no mail from a domain that cannot be answered.
            "bulk.example": [{"TXT": "v=spf1 ip4:203.0.113.0/24 -all"}, {"MX": [10, "host99.bulk.example"]}],
            NAME: [{"A": ADDRESS}],
        }

    def _configure(self) -> None:
        root = self.root
        root.put("/etc/resolv.conf", "nameserver 127.0.0.1\n")
        root.put("/etc/hosts", f"127.0.0.1 localhost\n{ADDRESS} {NAME}\n")
        root.put("/etc/mail/local-host-names", "localhost\nexample.net\n")
        root.put("/etc/mail/mailertable", f"{ELSEWHERE}\trelay:[127.0.0.1]\n")
        root.put("/etc/sasl2/Sendmail.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: CRAM-MD5\n")
        # Debian refuses the addresses that are reserved for examples.
        access = root.path("/etc/mail/access")
        access.write_text(access.read_text().replace("Connect:192.0.2 REJECT\n", "").replace("GreetPause:\t", "#"))
        self._attach()
        self._configure_postward()
        accounts = "; ".join(f"useradd {name}" for name in (LOGIN, *(f"user{number}" for number in range(USERS))))
        root.run(
            "sh", "-c",
            f"{accounts}; echo {PASSWORD} | saslpasswd2 -p -c -u {NAME} {LOGIN} && chgrp smmsp /etc/sasldb2 &&"
            " chmod 640 /etc/sasldb2 && make -C /etc/mail && makemap hash /etc/mail/mailertable </etc/mail/mailertable",
        )  # fmt: skip

    def _attach(self) -> None:
        """Edit Debian's sendmail.mc as docs/sendmail.md tells."""
        file = self.root.path("/etc/mail/sendmail.mc")
        text = file.read_text()
        for before, after in (
            ("Name=MTA-v4, Port=smtp, Addr=127.0.0.1", "Name=MTA-v4, Port=smtp"),
            ("Name=MSP-v4, Port=submission, M=Ea, Addr=127.0.0.1", "Name=ORIGINATING, Port=submission, M=Ea"),
            ("FEATURE(`greet_pause', `1000')dnl 1 seconds\n", ""),
            ("MAILER_DEFINITIONS", _MORE.format(name=NAME, port=self.smarthost.port) + INCLUDE + "MAILER_DEFINITIONS"),
        ):
            assert before in text
            text = text.replace(before, after)
        file.write_text(text)

    def _configure_postward(self) -> None:
        own = self.own_domain.install(self.root.path("/etc/postward/own"))
        prefix = str(self.root.folder)
        own = {
            section: {key: value.removeprefix(prefix) for key, value in keys.items()} for section, keys in own.items()
        }
        # As docs/sendmail.md tells; the whole file has to be another one here.
        self.root.run(
            "sed", "-i", "s,^listen: .*,listen: unix:/run/postward/milter.sock,", "/etc/postward/postward.yaml"
        )
        assert "\nlisten: unix:/run/postward" in self.root.path("/etc/postward/postward.yaml").read_text()
        settings = {
            "listen": "unix:/run/postward/milter.sock",
            "authserv_id": NAME,
            "reputation": {"enabled": False},
            **own,
        }
        self.root.put("/etc/postward/postward.yaml", yaml.safe_dump(settings))
        self.root.run(
            "sh", "-c",
            "install -d -o postward -g postward -m 750 /run/postward /var/lib/postward;"
            " chown -R postward: /etc/postward/own",
        )  # fmt: skip


def package_depends(fields: str) -> list[str]:
    """Names in a Depends field, those with alternatives left out."""
    return [part.split()[0].partition(":")[0] for part in fields.split(",") if "|" not in part]
