# SPDX-License-Identifier: GPL-3.0-or-later
"""A Message on its way to a plugin's process: JSON and octets, and only what the plugin needs."""

from __future__ import annotations

from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from postward.model.body import Body
from postward.model.envelope import EnvelopeAddress
from postward.model.header import HeaderField, Headers
from postward.rules.message.content import Content
from postward.rules.message.header_view import HeaderView
from postward.rules.message.message import Message
from postward.rules.message.reputation_view import IdentityView, ReputationView
from postward.rules.message.views import AuthView, Client, RecipientView
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from postward.model.ip_address import IpAddress
    from postward.rules.services import RuleDirectory

_BODY_NEEDS = frozenset({Need.BODY, Need.ATTACHMENTS})
_HEADER_NEEDS = _BODY_NEEDS | {Need.HEADERS}


def to_wire(message: Message, needs: Collection[Need]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Give plain values for JSON, and octets: the header as it is now, the one that came with the body, the body."""
    wanted = frozenset(needs)
    has_header, has_body = bool(wanted & _HEADER_NEEDS), bool(wanted & _BODY_NEEDS)
    values = {
        "id": message.id,
        "now_s": message.now_s,
        "stage": int(message.stage),
        "origin": message.origin,
        "tenant": message.tenant,
        "client": _client_values(message.client),
        "sender": message.sender.text,
        "recipients": [[view.address, view.direction] for view in message.recipients],
        "recipient": message.recipients.index(message.recipient) if message.recipient in message.recipients else None,
        "header_bytes": message.size_bytes - message.content.body.size_bytes,
        "body_bytes": message.content.body.size_bytes,
        "text_bytes": message.content.text_bytes,
        "has_body": has_body and not message.content.is_too_large,
        "auth": _auth_values(message.auth) if Need.AUTH in wanted else {},
        "reputation": _reputation_values(message.reputation) if Need.REPUTATION in wanted else None,
        "score": message.score if Need.SCORE in wanted else 0.0,
        "symbols": dict(message.symbols) if Need.SCORE in wanted else {},
        "tags": sorted(message.tags),
    }
    now = message.headers.fields
    came = message.content.headers
    header = _field_octets(now) if has_header else b""
    original = b"" if came is now or not has_body else _field_octets(came)
    body = bytes(message.content.body) if values["has_body"] else b""
    return values, (header, original, body)


def from_wire(values: Mapping[str, Any], octets: Sequence[bytes], directory: RuleDirectory) -> Message:
    """Give the message; raises KeyError, TypeError or ValueError for what ``to_wire`` did not make."""
    header, original, body_octets = octets
    headers = Headers(_fields(header))
    body = Body(body_octets)
    if not values["has_body"]:
        body.size_bytes = int(values["body_bytes"])
    recipients = tuple(RecipientView(address=address, direction=word) for address, word in values["recipients"])
    current = values["recipient"]
    return Message(
        id=str(values["id"]),
        now_s=float(values["now_s"]),
        headers=HeaderView(headers),
        content=Content(
            Headers(_fields(original)) if original else headers,
            body,
            max_inspected_bytes=len(body_octets),
            text_bytes=int(values["text_bytes"]),
        ),
        directory=directory,
        stage=Stage(values["stage"]),
        origin=str(values["origin"]),
        tenant=str(values["tenant"]),
        client=_client(values["client"]),
        sender=EnvelopeAddress(values["sender"]),
        recipients=recipients,
        recipient=None if current is None else recipients[current],
        header_bytes=int(values["header_bytes"]),
        auth=AuthView(**{**values["auth"], "dkim_domains": tuple(values["auth"].get("dkim_domains", ()))}),
        reputation=_reputation(values["reputation"]),
        score=float(values["score"]),
        symbols=MappingProxyType(dict(values["symbols"])),
        tags=frozenset(values["tags"]),
    )


def _client_values(client: Client) -> dict[str, Any]:
    values = {name: getattr(client, name) for name in Client.__dataclass_fields__}
    return {name: str(value) if value is not None else None for name, value in values.items()}


def _client(values: Mapping[str, Any]) -> Client:
    addresses = {name: _address(values[name]) for name in ("address", "origin")}
    return Client(**{**values, **addresses})


def _address(text: str | None) -> IpAddress | None:
    return None if text is None else ip_address(text)


def _auth_values(auth: AuthView) -> dict[str, Any]:
    values = {name: getattr(auth, name) for name in AuthView.__dataclass_fields__}
    return {**values, "dkim_domains": list(auth.dkim_domains)}


def _reputation_values(reputation: ReputationView | None) -> dict[str, Any] | None:
    if reputation is None:
        return None
    return {
        "identities": [
            {name: getattr(identity, name) for name in IdentityView.__dataclass_fields__}
            for identity in reputation.identities.values()
        ],
        "is_correspondent": reputation.is_correspondent,
        "points": reputation.points,
    }


def _reputation(values: Mapping[str, Any] | None) -> ReputationView | None:
    if values is None:
        return None
    identities = (IdentityView(**each) for each in values["identities"])
    return ReputationView(
        identities=MappingProxyType({identity.kind: identity for identity in identities}),
        is_correspondent=bool(values["is_correspondent"]),
        points=float(values["points"]),
    )


def _field_octets(headers: Headers) -> bytes:
    """Length-prefixed, for a value may hold any octet: name and value of each field in turn."""
    pieces: list[bytes] = []
    for field in headers:
        for octets in (field.name, field.value):
            pieces.extend((len(octets).to_bytes(4), octets))
    return b"".join(pieces)


def _fields(octets: bytes) -> list[HeaderField]:
    pieces: list[bytes] = []
    position = 0
    while position < len(octets):
        length = int.from_bytes(octets[position : position + 4])
        position += 4
        pieces.append(octets[position : position + length])
        position += length
    return [HeaderField(name, value) for name, value in zip(pieces[::2], pieces[1::2], strict=True)]
