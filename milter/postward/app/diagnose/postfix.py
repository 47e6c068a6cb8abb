# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether this host's Postfix lets mail pass unfiltered, or judges it twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok, warning
from postward.app.diagnose.postfix_routes import check_routes
from postward.app.mta_lines.endpoint import leads_to
from postward.app.mta_lines.milter_list import parse_milter_list
from postward.app.mta_lines.services import is_proxied, pipe_filters, reinjection_sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.diagnose.finding import Finding
    from postward.app.mta_lines.milter_list import MilterEntry
    from postward.app.mta_lines.postfix_host import PostfixHost, Service
    from postward.config import Configuration

_LINES = "`postward mta postfix` prints the lines for this host"
_PASSING_ACTIONS = frozenset({"accept"})
_PROTOCOL = 6


def check_postfix(host: PostfixHost, config: Configuration) -> list[Finding]:
    """All that is wrong with how Postfix is told to ask Postward; one finding that all is well otherwise."""
    if all(_entry(host, service, config) is None for service in host.smtpd_services()):
        message = f"no smtpd of {host.config_directory} asks Postward: its mail passes unfiltered"
        return [error("postfix.smtpd_milters", message, _LINES)]
    problems = [
        *_services(host, config),
        *_local_mail(host, config),
        *_default_action(host, config),
        *_protocol(host),
        *_filters(host),
        *check_routes(host, config),
    ]
    return problems or [ok("postfix", f"{host.config_directory}: all mail passes Postward, once")]


def _entry(host: PostfixHost, service: Service, config: Configuration) -> MilterEntry | None:
    """Postward in the list of milters that is in force for a service."""
    if "no_milters" in host.parameter("receive_override_options", service):
        return None
    entries = parse_milter_list(host.parameter("smtpd_milters", service))
    for entry in entries:
        if leads_to(entry, config.listen, host.queue_directory, chrooted=service.chrooted):
            return entry
    return None


def _services(host: PostfixHost, config: Configuration) -> Iterator[Finding]:
    for service in host.smtpd_services():
        sign = reinjection_sign(service, host)
        asked = _entry(host, service, config) is not None
        if asked and sign:
            message = f"mail that comes back from a content filter to {service.name} is judged twice: {sign}"
            yield warning("postfix.reinjection", message, f"give {service.name} the option -o smtpd_milters=")
        elif not asked and not sign:
            message = f"mail that comes in by {service.name} passes unfiltered: it does not ask Postward"
            advice = f"take -o smtpd_milters or no_milters away from {service.name} in master.cf, or add Postward"
            yield warning("postfix.smtpd_milters", message, advice)


def _local_mail(host: PostfixHost, config: Configuration) -> Iterator[Finding]:
    entries = parse_milter_list(host.parameter("non_smtpd_milters"))
    if not any(leads_to(entry, config.listen, host.queue_directory, chrooted=host.is_chrooted) for entry in entries):
        message = "mail that programs of this host send with sendmail(1) passes unfiltered"
        yield warning("postfix.non_smtpd_milters", message, "set non_smtpd_milters = $smtpd_milters in main.cf")


def _default_action(host: PostfixHost, config: Configuration) -> Iterator[Finding]:
    passing = []
    for service in host.smtpd_services():
        entry = _entry(host, service, config)
        if entry is not None and _action(entry, host, service) in _PASSING_ACTIONS:
            passing.append(service.name)
    if passing:
        message = f"while Postward is away, mail passes unfiltered by {', '.join(passing)} (default action accept)"
        yield warning("postfix.milter_default_action", message, "set milter_default_action = tempfail in main.cf")


def _action(entry: MilterEntry, host: PostfixHost, service: Service) -> str:
    return entry.settings.get("default_action") or host.parameter("milter_default_action", service)


def _protocol(host: PostfixHost) -> Iterator[Finding]:
    protocol = host.parameter("milter_protocol")
    if protocol.isdecimal() and int(protocol) < _PROTOCOL:
        message = f"milter_protocol is {protocol}: header fields do not reach Postward as they were sent"
        yield error("postfix.milter_protocol", message, "set milter_protocol = 6 in main.cf")


def _filters(host: PostfixHost) -> Iterator[Finding]:
    for service in host.smtpd_services():
        if is_proxied(service, host):
            message = f"{service.name} has smtpd_proxy_filter: Postfix shows Postward the envelope alone there"
            yield error("postfix.smtpd_proxy_filter", message, "use content_filter for that filter")
    for name in pipe_filters(host):
        message = f"the content filter {name} runs through pipe: what it gives back with sendmail(1) is judged as local"
        yield warning("postfix.content_filter", message, "let it give mail back by SMTP to a service of its own")
    maps = host.parameter("smtpd_milter_maps")
    if maps:
        message = f"smtpd_milter_maps = {maps} may switch milters off for some clients"
        yield warning("postfix.smtpd_milter_maps", message, "see that it exempts none that should be filtered")
