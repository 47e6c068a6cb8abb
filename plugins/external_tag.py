# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark mail from outside: a header field, and words before the subject, each once.

What counts is how a message came, never what it says of itself: one that forges an address of ours is from outside,
and what a user has logged in to send is not, whatever its From says.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from postward.rules.api import Action, Context, Message, PrefixSubject, SetHeader, Tag, rule

_SEALED = ("multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalSettings:
    """See docs/plugins/external_tag.md; raises ValueError."""

    tag: str = "external"
    header: str = "X-External"
    value: str = "yes"
    subject_prefix: str = ""
    prefix_signed: bool = False
    trusted_networks: tuple[str, ...] = ()
    partner_domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for network in self.trusted_networks:
            ip_network(network)


@rule(
    id="external_tag",
    needs={"client", "headers", "auth"},
    may={"tag", "set_header", "prefix_subject"},
    config=ExternalSettings,
)
def external_tag(message: Message, config: ExternalSettings, _context: Context) -> list[Action]:
    """Mark mail from outside, by a tag, a header field, and words before the subject."""
    if message.origin != "inbound" or _is_trusted(message, config) or _is_partner(message, config):
        return []
    actions: list[Action] = [Tag(name=config.tag)] if config.tag else []
    if config.header and message.headers.get_all(config.header) != (config.value,):
        actions.append(SetHeader(name=config.header, value=config.value))
    if config.subject_prefix and (config.prefix_signed or not _is_sealed(message)):
        actions.append(PrefixSubject(text=config.subject_prefix))
    return actions


def _is_sealed(message: Message) -> bool:
    """Whether the message is signed or encrypted as a whole (S/MIME, PGP)."""
    return (message.headers.get("Content-Type") or "").lower().startswith(_SEALED)


def _is_trusted(message: Message, config: ExternalSettings) -> bool:
    """Behind a relay of ours it is the host that the relay had it from that counts."""
    address = message.client.origin or message.client.address
    return address is not None and any(
        ip_address(address) in ip_network(network) for network in config.trusted_networks
    )


def _is_partner(message: Message, config: ExternalSettings) -> bool:
    """Only by name would be no proof; and every author must be one."""
    if message.auth.dmarc != "pass" or not config.partner_domains:
        return False
    domains = {author.domain for author in message.from_all}
    return bool(domains) and domains <= {domain.lower() for domain in config.partner_domains}
