# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services of master.cf take our users' mail, and which take mail back from a content filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.mta_lines.endpoint import is_loopback

if TYPE_CHECKING:
    from postward.app.mta_lines.postfix_host import PostfixHost, Service

_SUBMISSION_NAMES = frozenset({"submission", "submissions", "smtps", "587", "465"})
_SMTP_NAMES = frozenset({"smtp", "25"})
_NO_MILTERS = "no_milters"


def is_submission(service: Service) -> bool:
    """True for a service that mail clients send through (RFC 8314), known by its port or by its own SASL setting."""
    _, port = _host_and_port(service)
    return port in _SUBMISSION_NAMES or service.overrides.get("smtpd_sasl_auth_enable") == "yes"


def reinjection_sign(service: Service, host: PostfixHost) -> str:
    """Why an smtpd service is taken for one that mail comes back to from a content filter; "" where it is not."""
    address, port = _host_and_port(service)
    if service.type != "inet" or not is_loopback(address) or port in _SUBMISSION_NAMES | _SMTP_NAMES:
        return ""
    own = service.overrides
    if own.get("content_filter") == "":
        return "it listens on loopback and switches content_filter off"
    if "receive_override_options" in own:
        return "it listens on loopback and has receive_override_options"
    if "smtpd_authorized_xforward_hosts" in own:
        return "it listens on loopback and accepts XFORWARD"
    if content_filters(host):
        return "it listens on loopback, and this Postfix has a content filter"
    return ""


def may_be_reinjection(service: Service) -> bool:
    """True where only the operator can tell: it looks like such a service, but strangers may reach it too."""
    address, port = _host_and_port(service)
    elsewhere = service.type == "inet" and not is_loopback(address) and port not in _SUBMISSION_NAMES | _SMTP_NAMES
    return elsewhere and service.overrides.get("content_filter") == "" and not refuses_milters(service)


def content_filters(host: PostfixHost) -> tuple[str, ...]:
    """Every filter that mail is passed to, in main.cf or by a service: ``transport:nexthop`` or ``host:port``."""
    names = ("content_filter", "smtpd_proxy_filter")
    found = [host.parameter(name) for name in names]
    found += [service.overrides.get(name, "") for service in host.services for name in names]
    return tuple(dict.fromkeys(filter(None, found)))


def pipe_filters(host: PostfixHost) -> tuple[str, ...]:
    """Content filters run by pipe(8): most of them give mail back through sendmail(1), as if it were local."""
    pipes = {service.name for service in host.services if service.program == "pipe"}
    return tuple(name for name in content_filters(host) if name.partition(":")[0] in pipes)


def refuses_milters(service: Service) -> bool:
    """True where the service's own options leave no milter."""
    options = service.overrides.get("receive_override_options", "").replace(",", " ").split()
    return _NO_MILTERS in options or service.overrides.get("smtpd_milters") == ""


def is_proxied(service: Service, host: PostfixHost) -> bool:
    """True for a service with a before-queue filter, of whose mail Postfix shows a milter the envelope alone."""
    return bool(host.parameter("smtpd_proxy_filter", service))


def _host_and_port(service: Service) -> tuple[str, str]:
    address, _, port = service.name.rpartition(":")
    return address.strip("[]"), port
