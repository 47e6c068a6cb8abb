# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which lines main.cf and master.cf of a host need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.mta_lines.endpoint import leads_to, postfix_endpoint, relative_path
from postward.app.mta_lines.milter_list import parse_milter_list
from postward.app.mta_lines.postfix_notes import postfix_notes
from postward.app.mta_lines.route_lines import (
    ROUTES_FILE,
    STRIP_FILE,
    RouteTable,
    route_notes,
    route_overrides,
    route_parameters,
)
from postward.app.mta_lines.services import is_submission, reinjection_sign
from postward.app.mta_lines.socket_folder import RUNTIME_FOLDER, is_runtime
from postward.config import UnixSocket

if TYPE_CHECKING:
    from postward.app.mta_lines.milter_list import MilterEntry
    from postward.app.mta_lines.postfix_host import PostfixHost, Service
    from postward.config import Configuration, InetSocket

DEFAULT_ACTION = "tempfail"
_PROTOCOL = 6
_CONTENT_MARGIN_S = 30
_SERVICE_USER = "postward"
_RESTART = "systemctl restart postward"
NO_ROUTES = RouteTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class MainLine:
    """One parameter of main.cf."""

    name: str
    value: str
    present: str | None
    """The value as it stands there now; None where Postfix's default is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOption:
    """One -o option of a service in master.cf."""

    service: str
    """As postconf -P takes it: ``submission/inet``."""
    line: str
    """First line of the service."""
    name: str
    value: str
    present: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLines:
    """Lines for a file that is not Postfix's own."""

    path: str
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixLines:
    """All that attaches Postward to one Postfix."""

    main: tuple[MainLine, ...]
    master: tuple[ServiceOption, ...]
    files: tuple[FileLines, ...]
    notes: tuple[str, ...]


def propose_postfix_lines(host: PostfixHost, config: Configuration, routes: RouteTable = NO_ROUTES) -> PostfixLines:
    """The lines for this host; where all is set up already they are the lines that stand there."""
    socket = reachable_socket(host, config)
    return PostfixLines(
        main=(*_main(host, config, socket), *_routing(host, routes)),
        master=(*_originating(host, config), *_reinjection(host), *_routing_services(host, routes)),
        files=(*_files(host, config, socket), *_route_files(host, routes)),
        notes=(*postfix_notes(host, socket or config.listen), *route_notes(host, routes)),
    )


def reachable_socket(host: PostfixHost, config: Configuration) -> UnixSocket | None:
    """A socket for Postfix to reach, where it cannot see the configured one or may not enter its folder; else None."""
    listen = config.listen
    if not isinstance(listen, UnixSocket) or relative_path(listen, host.queue_directory) is not None:
        return None
    if not host.is_chrooted and not is_runtime(listen.path):
        return None
    return UnixSocket(path=str(host.queue_directory / "postward" / "milter.sock"))


def _main(host: PostfixHost, config: Configuration, socket: UnixSocket | None) -> tuple[MainLine, ...]:
    endpoint = postfix_endpoint(socket or config.listen, host.queue_directory)
    entry = _entry(endpoint, config)
    lines = [
        ("smtpd_milters", _milters(host, "smtpd_milters", entry, socket or config.listen)),
        ("non_smtpd_milters", _non_smtpd(host, entry, socket or config.listen)),
        ("milter_default_action", DEFAULT_ACTION),
    ]
    protocol = host.parameter("milter_protocol")
    if not protocol.isdecimal() or int(protocol) < _PROTOCOL:
        lines.append(("milter_protocol", str(_PROTOCOL)))
    return tuple(_main_line(host, name, value) for name, value in lines)


def _main_line(host: PostfixHost, name: str, value: str) -> MainLine:
    return MainLine(name=name, value=value, present=host.written.get(name))


def _entry(endpoint: str, config: Configuration) -> str:
    """One milter with its own time-outs, so that those of other milters stay as they are."""
    # progress() keeps Postfix waiting, so the content time-out need not be longer than the deadline by much.
    content_s = math.ceil(config.message.deadline_s) + _CONTENT_MARGIN_S
    return (
        f"{{ {endpoint}, connect_timeout=10s, command_timeout=30s, content_timeout={content_s}s,"
        f" default_action={DEFAULT_ACTION} }}"
    )


def _milters(host: PostfixHost, name: str, entry: str, socket: UnixSocket | InetSocket) -> str:
    """Postward first, for it must see the message as it was signed; other milters stay, in their order."""
    written = host.written.get(name, "")
    if any(milter.text == entry for milter in parse_milter_list(host.parameter(name))):
        return written
    others = [milter.text for milter in parse_milter_list(written) if not is_postward(milter, host, socket)]
    return ", ".join([entry, *others])


def _non_smtpd(host: PostfixHost, entry: str, socket: UnixSocket | InetSocket) -> str:
    if host.written.get("non_smtpd_milters", "") in {"", "$smtpd_milters"}:
        return "$smtpd_milters"
    return _milters(host, "non_smtpd_milters", entry, socket)


def is_postward(milter: MilterEntry, host: PostfixHost, socket: UnixSocket | InetSocket) -> bool:
    """True where a milter of the list is Postward, whichever way its socket is written."""
    return leads_to(milter, socket, host.queue_directory, chrooted=host.is_chrooted)


def _originating(host: PostfixHost, config: Configuration) -> list[ServiceOption]:
    names = config.origin.outbound_daemon_names
    if not names:
        return []
    reason = "mail of our own users, told from mail of others by the name of the daemon"
    return [
        _option(service, "milter_macro_daemon_name", names[0], reason)
        for service in host.smtpd_services()
        if is_submission(service)
    ]


def _reinjection(host: PostfixHost) -> list[ServiceOption]:
    options = []
    for service in host.smtpd_services():
        sign = reinjection_sign(service, host)
        # An empty smtpd_milters that stands there already is shown again: it must not be lost.
        if sign and "no_milters" not in service.overrides.get("receive_override_options", ""):
            reason = f"mail comes back here from a content filter, judged already: {sign}"
            options.append(_option(service, "smtpd_milters", "", reason))
    return options


def _option(service: Service, name: str, value: str, reason: str) -> ServiceOption:
    present = service.overrides.get(name)
    return ServiceOption(service=service.key, line=service.line, name=name, value=value, present=present, reason=reason)


def _files(host: PostfixHost, config: Configuration, socket: UnixSocket | None) -> tuple[FileLines, ...]:
    listen = socket or config.listen
    if not isinstance(listen, UnixSocket):
        return ()
    directory = Path(listen.path).parent
    folder = () if directory in host.ready_folders else _folder_files(host, directory)
    if socket is None:
        return folder
    if host.is_chrooted:
        reason = f"a chrooted smtpd sees nothing outside {host.queue_directory}"
    else:
        reason = f"{RUNTIME_FOLDER} is open to the service alone"
    path = config.path or "postward.yaml"
    return (FileLines(path=path, lines=(f"listen: {socket}",), reason=f"{reason}; {_RESTART}"), *folder)


def _folder_files(host: PostfixHost, directory: Path) -> tuple[FileLines, ...]:
    return (
        FileLines(
            path="/etc/tmpfiles.d/postward-postfix.conf",
            lines=(f"d {directory} 2710 {_SERVICE_USER} {host.mail_owner} -",),
            reason=f"the directory of the socket; setgid gives the socket the group {host.mail_owner}",
        ),
        FileLines(
            path="/etc/systemd/system/postward.service.d/postfix.conf",
            lines=("[Service]", f"ReadWritePaths=-{directory}"),
            reason=f"lets it write there; then: systemd-tmpfiles --create; systemctl daemon-reload; {_RESTART}",
        ),
    )


def _routing(host: PostfixHost, table: RouteTable) -> list[MainLine]:
    if not table.routes:
        return []
    return [_main_line(host, name, value) for name, value in route_parameters(host, table)]


def _routing_services(host: PostfixHost, table: RouteTable) -> list[ServiceOption]:
    if not table.routes:
        return []
    reason = "the field by which Postward routes mail"
    return [_option(service, name, value, reason) for service, name, value in route_overrides(host)]


def _route_files(host: PostfixHost, table: RouteTable) -> list[FileLines]:
    if not table.routes:
        return []
    files = (
        (ROUTES_FILE, table.taking_lines, "the other ways for mail, by the tokens that Postward writes"),
        (STRIP_FILE, table.stripping_lines, "takes the token off where mail leaves"),
    )
    return [FileLines(path=str(host.config_directory / name), lines=lines, reason=why) for name, lines, why in files]
