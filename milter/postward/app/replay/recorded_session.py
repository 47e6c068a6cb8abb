# SPDX-License-Identifier: GPL-3.0-or-later
"""The SMTP session of a stored message, as far as the fields above it still tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.authn.results.claims import claims_authserv_id
from postward.authn.results.parse import parse_results
from postward.checks.received import recorded_client
from postward.mime.address_list import read_mailboxes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from postward.authn.results.method_result import MethodResult
    from postward.model.header import Headers
    from postward.model.ip_address import IpAddress

_MAX_HOPS = 10
_LOGIN = re.compile(rb"\(Authenticated sender: ([^()\s]{1,320})\)")
_SCORE = re.compile(rb"\s*(-?[0-9]{1,4}(?:\.[0-9]{1,3})?)\s*")
_DELIVERY = (b"x-original-to", b"delivered-to", b"envelope-to")
_MAX_RECIPIENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSession:
    """What can be read; "" and nothing where it is not told."""

    address: IpAddress | None = None
    helo: str = ""
    user: str = ""
    mail_from: str = ""
    recipients: tuple[str, ...] = ()
    auth: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Results by their names in ``rules.given_results``."""
    score: float = 0.0


def recorded_session(headers: Headers, authserv_id: str) -> RecordedSession:
    """Read the fields that the MTA, the store and Postward wrote above a message that was delivered.

    Without a Return-Path the first author stands for the sender, and without a field that names whom it was delivered
    to, To and Cc for the recipients.  Results are those of the first Authentication-Results that names us.

    Never raises.
    """
    address, helo, user = _client(headers)
    return RecordedSession(
        address=address,
        helo=helo,
        user=user,
        mail_from=_mail_from(headers),
        recipients=_recipients(headers),
        auth=_results(headers, authserv_id),
        score=_score(headers),
    )


def _client(headers: Headers) -> tuple[IpAddress | None, str, str]:
    """The first hop that came over a network: what is above it are hand-overs within the host."""
    for received in headers.all(b"received")[:_MAX_HOPS]:
        client = recorded_client(received.value)
        if client is None or client.address.is_loopback:
            continue
        login = _LOGIN.search(received.value[:2048])
        return client.address, client.helo, _text(login.group(1)) if login else ""
    return None, "", ""


def _mail_from(headers: Headers) -> str:
    path = _first(headers, b"return-path")
    if path is not None:
        return _text(path.strip().removeprefix(b"<").removesuffix(b">"))
    return author_of(headers)


def author_of(headers: Headers) -> str:
    """Give the address of the first author; "" where there is none."""
    author = _first(headers, b"from")
    mailboxes = read_mailboxes(author, 1) if author is not None else ()
    return mailboxes[0].address if mailboxes else ""


def _recipients(headers: Headers) -> tuple[str, ...]:
    for name in _DELIVERY:
        delivered = _first(headers, name)
        if delivered is not None:
            return (_text(delivered.strip().removeprefix(b"<").removesuffix(b">")),)
    named = (
        mailbox.address
        for name in (b"to", b"cc")
        for found in headers.all(name)
        for mailbox in read_mailboxes(found.value, _MAX_RECIPIENTS)
    )
    return tuple(dict.fromkeys(address for address in named if "@" in address))[:_MAX_RECIPIENTS]


def _score(headers: Headers) -> float:
    points = _first(headers, b"x-spam-score")
    found = _SCORE.fullmatch(points) if points is not None else None
    return float(found.group(1)) if found else 0.0


def _results(headers: Headers, authserv_id: str) -> dict[str, str]:
    for value in (found.value for found in headers.all(b"authentication-results")):
        parsed = parse_results(value)
        if parsed is not None and claims_authserv_id(value, authserv_id):
            return dict(_words(parsed.results))
    return {}


def _words(results: Iterable[MethodResult]) -> Iterator[tuple[str, str]]:
    by_method: dict[str, list[MethodResult]] = {}
    for result in results:
        by_method.setdefault(result.method, []).append(result)
    for method in ("spf", "dmarc", "arc", "iprev"):
        if method in by_method:
            yield method, by_method[method][0].result
    yield from _properties(by_method)
    signatures = by_method.get("dkim", [])
    if signatures:
        passing = [each for each in signatures if each.result == "pass"]
        yield "dkim", "pass" if passing else signatures[0].result
        yield "dkim_domains", ",".join(domain for each in passing for domain in each.values("header", "d")[:1])


def _properties(by_method: Mapping[str, list[MethodResult]]) -> Iterator[tuple[str, str]]:
    for spf in by_method.get("spf", [])[:1]:
        for identity in spf.values("smtp", "mailfrom")[:1]:
            yield "spf_domain", identity.rpartition("@")[2]
    for dmarc in by_method.get("dmarc", [])[:1]:
        for policy in dmarc.values("policy", "dmarc")[:1]:
            yield "dmarc_policy", policy


def _first(headers: Headers, name: bytes) -> bytes | None:
    found = headers.all(name)
    return found[0].value if found else None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
