# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody has sent of what he may send, for the command that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from postward.app.quota_settings import quota_policy
from postward.errors import UsageError
from postward.model.ip_address import plain_address
from postward.model.quota import COUNTED_UNITS, QuotaSubject
from postward.model.quota_limits import QuotaLimits
from postward.pipeline.quota_subjects import Sending, domain_name, login_name, network_of

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.model.quota_limits import QuotaUsage

_NO_LIMITS = QuotaLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReport:
    """One subject: its limits, and what counts towards them."""

    subject: QuotaSubject
    name: str
    limits: QuotaLimits
    usage: QuotaUsage

    def report(self) -> dict[str, Any]:
        """The same as JSON has it; a limit of null is none."""
        return {
            "subject": self.subject.value,
            "name": self.name,
            "used": {unit.value: self.usage.of(unit) for unit in COUNTED_UNITS},
            "limits": {unit.value: self.limits.of(unit) for unit in COUNTED_UNITS},
            "burst": self.limits.burst,
        }


def parse_subject(text: str) -> Sending:
    """Read ``SUBJECT:NAME``, such as login:alice@example.com; raises UsageError."""
    word, colon, name = text.partition(":")
    if not colon or word not in set(QuotaSubject) or not name:
        words = ", ".join(subject.value for subject in QuotaSubject)
        raise UsageError(f"{text!r} is no SUBJECT:NAME; SUBJECT is one of {words}")
    subject = QuotaSubject(word)
    if subject in {QuotaSubject.CLIENT, QuotaSubject.NETWORK}:
        return _of_network(subject, name)
    if subject is QuotaSubject.LOGIN:
        login = login_name(name)
        _, at, domain = login.rpartition("@")
        return Sending(subject=subject, name=login, recipients=1, group=f"@{domain}" if at else "")
    return Sending(subject=subject, name=domain_name(name), recipients=1)


def limits_of(config: Configuration, sending: Sending, now_s: float) -> QuotaLimits:
    """The limits of somebody at Unix time ``now_s``, as they are where nothing is known of a client."""
    policy = quota_policy(config)
    return _NO_LIMITS if policy is None else policy.limits(sending, now_s)


def _of_network(subject: QuotaSubject, name: str) -> Sending:
    try:
        network = ip_network(name)
        address = plain_address(ip_address(int(network.network_address).to_bytes(network.max_prefixlen // 8)))
    except ValueError as error:
        raise UsageError(f"{name!r} is no address and no network") from error
    if subject is QuotaSubject.CLIENT:
        if network.num_addresses > 1:
            raise UsageError(f"{name!r} is a network; a client is one address")
        return Sending(subject=subject, name=str(address), recipients=1, network=ip_network(address))
    counted = network_of(address)
    if network.num_addresses > 1 and network != counted:
        raise UsageError(f"{name!r} is not counted as a whole; its addresses are counted by {counted} and the like")
    return Sending(subject=subject, name=str(counted), recipients=1, network=counted)
