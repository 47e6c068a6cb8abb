# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Postfix instance: own configuration, queue and data, on loopback ports, beside any other Postfix."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import select
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.mailhost.failure import MailHostError
from tests.mailhost.held_signals import held_signals
from tests.mailhost.loopback import free_ports
from tests.mailhost.maildir import Maildir

if TYPE_CHECKING:
    from pathlib import Path

_MASTER = "/usr/lib/postfix/sbin/master"
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 10
_ATTEMPTS = 3

LOCAL_DOMAINS = ("example.net", "bounce.example.net", "xn--bcher-kva.example.net")
"""Domains whose recipients all exist; every message is delivered to one Maildir."""
MILTER_SOCKET = "postward/milter.sock"
"""The milter's socket as Postfix names it: below the queue folder, so a chrooted smtpd finds it too."""

_PRIVATE_FOLDERS = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace",
)  # fmt: skip

_MAIN = """\
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.net
mydomain = example.net
myorigin = example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = all
mynetworks = 127.0.0.1/32
mynetworks_style = host
maillog_file = {log}
maillog_file_prefixes = {root}
alias_maps =
alias_database =
local_recipient_maps =
local_header_rewrite_clients =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {mail}
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_transport = virtual
default_transport = error:this private Postfix sends nothing to the outside
relay_transport = error:this private Postfix sends nothing to the outside
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_timeout = 120s
header_size_limit = 2000000
message_size_limit = 20000000
notify_classes =
smtputf8_enable = yes
smtpd_milters = {milters}
milter_protocol = 6
"""

_MASTER_CF = """\
{mx}         inet  n - n - 100 smtpd
{submission} inet  n - n - 100 smtpd
  -o milter_macro_daemon_name=ORIGINATING
{chrooted}   inet  n - y - 100 smtpd
{filtered}   inet  n - n - 100 smtpd
  -o content_filter=nullfilter:[127.0.0.1]:{null_1}
{unjudged}   inet  n - n - 100 smtpd
  -o content_filter=nullfilter:[127.0.0.1]:{null_2}
127.0.0.1:{null_1}     inet  n - n - 100 smtpd
  -o smtpd_milters= -o myhostname=filter.example.net -o content_filter=nullfilter:[127.0.0.1]:{reinject}
127.0.0.1:{null_2}     inet  n - n - 100 smtpd
  -o smtpd_milters= -o myhostname=filter.example.net -o content_filter=nullfilter:[127.0.0.1]:{reinject_bare}
127.0.0.1:{reinject}   inet  n - n - 100 smtpd
127.0.0.1:{reinject_bare} inet n - n - 100 smtpd
  -o smtpd_milters=
nullfilter unix  - - n - - smtp
  -o myhostname=outgoing.filter.example.net
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The smtpd services of the private instance."""

    mx: int
    """Mail from outside, through the milter."""
    submission: int
    """The same with daemon name ORIGINATING."""
    chrooted: int
    """Like mx, with smtpd chrooted as Debian does it."""
    filtered: int
    """Through the milter, then a content filter, then a re-injection port with the milter."""
    unjudged: int
    """The same with a re-injection port that has ``-o smtpd_milters=``."""
    null_1: int
    null_2: int
    reinject: int
    reinject_bare: int


@dataclass(slots=True)
class Postfix:
    """One private instance; it needs root to start, as every Postfix does."""

    root: Path
    """Its folder: must be empty and open to every account."""
    milters: str = f"unix:{MILTER_SOCKET}"
    extra: str = "milter_default_action = tempfail"
    """More lines for main.cf, or others in place of those that it has."""
    ports: Ports = field(init=False)
    mailbox: Maildir = field(init=False)

    def __enter__(self) -> Self:
        self._lay_out()
        try:
            self._start_on_free_ports()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def spool(self) -> Path:
        """The queue folder, where a chrooted smtpd has its root."""
        return self.root / "spool"

    @property
    def config(self) -> Path:
        """What ``postconf -c`` wants."""
        return self.root / "etc"

    @property
    def log(self) -> str:
        """All that the instance has logged."""
        path = self.root / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def configure(self, extra: str) -> None:
        """Write main.cf and master.cf; ``restart`` makes them count."""
        nobody = pwd.getpwnam("nobody")
        main = _MAIN.format(
            root=self.root, spool=self.spool, data=self.root / "data", log=self.root / "mail.log",
            mail=self.root / "mail", domains=" ".join(LOCAL_DOMAINS), uid=nobody.pw_uid, gid=nobody.pw_gid,
            milters=self.milters,
        )  # fmt: skip
        (self.config / "main.cf").write_text(_with_more(main, extra))
        services = {name: getattr(self.ports, name) for name in Ports.__slots__}
        (self.config / "master.cf").write_text(_MASTER_CF.format(**services))

    def start(self) -> None:
        """Start master and wait until it has opened all its sockets."""
        # `master -w` waits for the initialization of the daemon that it leaves behind.
        with held_signals():
            starting = subprocess.Popen(
                [_MASTER, "-c", str(self.config), "-w"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                start_new_session=True,
            )  # fmt: skip
        try:
            said, _ = starting.communicate(timeout=_START_TIMEOUT_S)
        except BaseException:
            # The daemon's process id is not known before it has come up, and without it nobody could stop it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                starting.communicate(timeout=_STOP_TIMEOUT_S)
            starting.kill()
            self.stop()
            raise
        if starting.returncode:
            said = said + self.log or "it said nothing, as it does where a port is taken"
            raise MailHostError(f"the private Postfix did not start: {said}")

    def restart(self) -> None:
        """Make a changed configuration count for all sessions."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End master and all its daemons; does nothing when it runs no more."""
        pid_file = self.spool / "pid" / "master.pid"
        content = pid_file.read_text().strip() if pid_file.exists() else ""
        if not content:
            return
        pid = int(content)
        pid_file.unlink()
        with contextlib.suppress(ProcessLookupError):
            # Master leads a process group of its own.
            handle = os.pidfd_open(pid)
            os.kill(pid, signal.SIGTERM)
            select.select([handle], [], [], _STOP_TIMEOUT_S)
            os.close(handle)
            os.killpg(pid, signal.SIGKILL)

    def _start_on_free_ports(self) -> None:
        """Start; anybody can take a port that was free a moment ago, so others are tried."""
        for attempts_left in reversed(range(_ATTEMPTS)):
            self.ports = _choose_ports()
            self.configure(self.extra)
            try:
                self.start()
            except MailHostError:
                if not attempts_left:
                    raise
            else:
                return

    def _lay_out(self) -> None:
        postfix, postdrop, nobody = pwd.getpwnam("postfix"), grp.getgrnam("postdrop"), pwd.getpwnam("nobody")
        for path in (self.root, self.config, self.spool, self.spool / "pid"):
            _make_folder(path, 0o755, 0, 0)
        for name in _PRIVATE_FOLDERS:
            _make_folder(self.spool / name, 0o700, postfix.pw_uid, 0)
        _make_folder(self.spool / "maildrop", 0o1730, postfix.pw_uid, postdrop.gr_gid)
        _make_folder(self.spool / "public", 0o2710, postfix.pw_uid, postdrop.gr_gid)
        _make_folder(self.root / "data", 0o700, postfix.pw_uid, 0)
        _make_folder(self.root / "mail", 0o755, nobody.pw_uid, nobody.pw_gid)
        # The group bit passes Postfix's group on to the socket, so that its accounts may connect.
        _make_folder((self.spool / MILTER_SOCKET).parent, 0o2710, nobody.pw_uid, postfix.pw_gid)
        self.mailbox = Maildir(self.root / "mail" / "all")
        for folder in self.mailbox.folders:
            _make_folder(folder, 0o755, nobody.pw_uid, nobody.pw_gid)


def _choose_ports() -> Ports:
    names = Ports.__slots__
    return Ports(**dict(zip(names, free_ports(len(names)), strict=True)))


def _make_folder(path: Path, mode: int, uid: int, gid: int) -> None:
    path.mkdir(exist_ok=True)
    os.chown(path, uid, gid)
    path.chmod(mode)


def _with_more(main: str, extra: str) -> str:
    """No parameter stands there twice: each daemon would log that, and postlogd, which logs too, can block itself."""
    names = {line.partition("=")[0].strip() for line in extra.splitlines()}
    kept = [line for line in main.splitlines() if line.partition("=")[0].strip() not in names]
    return "\n".join([*kept, *extra.splitlines(), ""])
