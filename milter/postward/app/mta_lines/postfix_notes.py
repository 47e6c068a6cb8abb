# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator must know about a host that no line can put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.mta_lines.endpoint import leads_to
from postward.app.mta_lines.milter_list import parse_milter_list
from postward.app.mta_lines.services import is_proxied, may_be_reinjection, pipe_filters, reinjection_sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.mta_lines.postfix_host import PostfixHost, Service
    from postward.config import InetSocket, UnixSocket


def postfix_notes(host: PostfixHost, socket: UnixSocket | InetSocket) -> tuple[str, ...]:
    """The notes about a host whose Postfix is to find Postward at ``socket``."""
    absent = () if host.installed else ("no Postfix was found: these lines are for a usual Debian installation",)
    services = (note for service in host.smtpd_services() for note in _of_service(service, host, socket))
    pipes = (
        f"the content filter {name} runs through pipe: where it gives mail back with sendmail(1), that mail passes"
        " non_smtpd_milters as if it were local; let it give mail back by SMTP to a service of its own"
        for name in pipe_filters(host)
    )
    return (*absent, *services, *pipes)


def _of_service(service: Service, host: PostfixHost, socket: UnixSocket | InetSocket) -> Iterator[str]:
    if _leaves_postward_out(service, host, socket):
        yield f"{service.name} has smtpd_milters of its own without Postward: its mail would pass unfiltered"
    if is_proxied(service, host):
        yield f"{service.name} has smtpd_proxy_filter: a milter is shown the envelope alone there; use content_filter"
    if may_be_reinjection(service):
        yield (
            f"{service.name} switches content_filter off and does not listen on loopback alone: if mail comes back"
            " there from a content filter, and only such mail, give it -o smtpd_milters="
        )


def _leaves_postward_out(service: Service, host: PostfixHost, socket: UnixSocket | InetSocket) -> bool:
    if "smtpd_milters" not in service.overrides or reinjection_sign(service, host):
        return False
    entries = parse_milter_list(service.overrides["smtpd_milters"])
    return not any(leads_to(entry, socket, host.queue_directory, chrooted=service.chrooted) for entry in entries)
