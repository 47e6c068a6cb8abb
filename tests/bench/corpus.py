# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard mix: signed messages of the sizes that mail servers see, and what every verifier should find in them.

Most are of 4 to 40 kB, a few of 200 kB to 1 MB.  Of ten, seven pass every check, one has a broken body, one comes from
an address that its domain does not list, and one is not signed.  Three in four signatures are relaxed/relaxed.  The
domains are not under .test, which libunbound answers by itself.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import TYPE_CHECKING

from tests.mailhost.signing import SigningDomain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.mailhost.world import ZoneMapping

STANDARD_SIZE = 60

_SEED = 7
_DOMAINS = 12
_SIZES = (1_500, 3_000, 6_000, 10_000, 20_000, 40_000)
_LARGE_SIZES = (200_000, 900_000)
_LARGE_BYTES = 100_000
"""From here on a message has an attachment."""
_STRANGER = "192.0.2.77"
_CANONICALIZATIONS = ((b"relaxed", b"relaxed"), (b"relaxed", b"simple"), (b"simple", b"simple"))
_CANONICALIZATION_WEIGHTS = (75, 20, 5)
_SIGNED_FIELDS = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"list-unsubscribe", b"mime-version",
    b"content-type",
)  # fmt: skip
_WORDS = (
    "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "invoice", "meeting", "report", "thanks", "schedule",
    "please", "attached", "update", "project",
)  # fmt: skip
_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusMessage:
    """One message with its envelope, and the results that a verifier reports."""

    content: bytes
    """With CRLF."""
    client: str
    client_name: str
    helo: str
    mail_from: str
    expected: dict[str, str]
    """Method of RFC 8601 to result."""

    @property
    def file_content(self) -> bytes:
        """What ``mload`` reads."""
        envelope = (
            f"#! client {self.client}\n#! name {self.client_name}\n#! helo {self.helo}\n"
            f"#! from <{self.mail_from}>\n#! rcpt <user@local.test>\n"
        )
        return envelope.encode() + self.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Messages, and the DNS that vouches for them."""

    messages: tuple[CorpusMessage, ...]
    zone: ZoneMapping

    def write(self, folder: Path) -> list[Path]:
        """Write one file a message."""
        folder.mkdir(exist_ok=True)
        paths = [folder / f"{number:03}.eml" for number in range(len(self.messages))]
        for path, message in zip(paths, self.messages, strict=True):
            path.write_bytes(message.file_content)
        return paths

    def expected_counts(self) -> Counter[tuple[str, str]]:
        """How many messages have each result of each method."""
        return Counter(item for message in self.messages for item in message.expected.items())


def standard_mix(size: int = STANDARD_SIZE, *, domains: int = _DOMAINS) -> Corpus:
    """Make the corpus; but for the keys it is the same every time."""
    writer = _Writer()
    senders = make_senders(domains)
    messages = tuple(writer.message(number, senders[number % domains]) for number in range(size))
    return Corpus(messages=messages, zone=_zone(senders))


def make_senders(count: int = _DOMAINS) -> list[Sender]:
    """Make so many domains, each with a key of its own."""
    return [Sender(number) for number in range(count)]


def outgoing_mix(senders: Sequence[Sender], size: int = STANDARD_SIZE) -> Corpus:
    """Make messages of the same sizes as they leave these domains' users: unsigned."""
    writer = _Writer()
    messages = tuple(writer.outgoing(number, senders[number % len(senders)]) for number in range(size))
    return Corpus(messages=messages, zone=_zone(senders))


def _zone(senders: Sequence[Sender]) -> ZoneMapping:
    zone: ZoneMapping = {}
    for sender in senders:
        zone |= sender.zone()
    return zone


class Sender:
    """A domain with SPF over two includes, MX, DKIM, DMARC and reverse DNS."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.domain = f"sender{number}.example.net"
        self.address = f"198.51.100.{10 + number}"
        self.host = f"out.{self.domain}"
        self.signing = SigningDomain(domain=self.domain)

    def zone(self) -> ZoneMapping:
        """All its DNS records."""
        domain, address = self.domain, self.address
        return {
            domain: [{"TXT": f"v=spf1 include:_spf.{domain} mx -all"}, {"MX": [10, f"mx.{domain}"]}, {"A": address}],
            f"_spf.{domain}": [{"TXT": f"v=spf1 ip4:{address} ip4:203.0.113.0/26 include:_spf2.{domain} ~all"}],
            f"_spf2.{domain}": [{"TXT": "v=spf1 ip4:203.0.113.128/25 ~all"}],
            f"_dmarc.{domain}": [
                {"TXT": f"v=DMARC1; p={_POLICIES[self.number % len(_POLICIES)]}; rua=mailto:dmarc@{domain}"}
            ],
            self.signing.key_name: [{"TXT": self.signing.key_record}],
            f"mx.{domain}": [{"A": address}],
            self.host: [{"A": address}],
            f"{10 + self.number}.100.51.198.in-addr.arpa": [{"PTR": self.host}],
        }


@dataclass(slots=True)
class _Writer:
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))

    def message(self, number: int, sender: Sender) -> CorpusMessage:
        kind = number % 10
        is_unlisted, is_changed, is_unsigned = kind == 7, kind == 8, kind == 9
        content = self._content(number, sender)
        if not is_unsigned:
            canonicalization = self.chance.choices(_CANONICALIZATIONS, _CANONICALIZATION_WEIGHTS)[0]
            content = sender.signing.sign(content, canonicalization=canonicalization, headers=_SIGNED_FIELDS)
        if is_changed:
            content += b"-- \r\nAdded by a list\r\n"
        return CorpusMessage(
            content=_received(number, sender) + content,
            client=_STRANGER if is_unlisted else sender.address,
            client_name=f"[{_STRANGER}]" if is_unlisted else sender.host,
            helo=sender.host,
            mail_from=f"bounce-{number}@{sender.domain}",
            expected={
                "spf": "fail" if is_unlisted else "pass",
                "dkim": "none" if is_unsigned else "fail" if is_changed else "pass",
                "dmarc": "pass",
                "arc": "none",
            },
        )

    def outgoing(self, number: int, sender: Sender) -> CorpusMessage:
        return CorpusMessage(
            content=self._content(number, sender),
            client=sender.address,
            client_name=sender.host,
            helo=sender.host,
            mail_from=f"person{number}@{sender.domain}",
            expected={},
        )

    def _content(self, number: int, sender: Sender) -> bytes:
        size = self.chance.choice(_LARGE_SIZES if number % 20 == 13 else _SIZES)
        is_large = size >= _LARGE_BYTES
        message = MIMEMultipart("mixed" if is_large else "alternative", boundary=f"==={number:016}==")
        message["From"] = f"Sender {number} <person{number}@{sender.domain}>"
        message["To"] = "user@local.test"
        message["Subject"] = f"Message {number}: {self._text(40)}"
        message["Date"] = f"Tue, 24 Nov 2026 01:{number % 60:02}:00 +0000"
        message["Message-ID"] = f"<{number}.bench@{sender.domain}>"
        message["List-Unsubscribe"] = f"<https://{sender.domain}/u/{number}>"
        message["Reply-To"] = f"r@{sender.domain}"
        text = self._text(min(size, 20_000) // 2)
        paragraphs = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
        message.attach(MIMEText(text, "plain", "utf-8"))
        message.attach(MIMEText(f"<html><body>{paragraphs}</body></html>", "html", "us-ascii"))
        if is_large:
            message.attach(MIMEApplication(self.chance.randbytes(size * 3 // 4), Name="a.bin"))
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def _text(self, size: int) -> str:
        lines: list[str] = []
        length = 0
        while length < size:
            lines.append(" ".join(self.chance.choice(_WORDS) for _ in range(10)))
            length += len(lines[-1])
        return "\n".join(lines)


def _received(number: int, sender: Sender) -> bytes:
    """The trace field of the sender's own host."""
    return (
        f"Received: from internal.{sender.domain} (internal [10.0.0.{sender.number}])\r\n"
        f"\tby {sender.host} (Postfix) with ESMTPS id 4Qa{number}\r\n"
        "\tfor <user@local.test>; Tue, 24 Nov 2026 01:00:00 +0000 (UTC)\r\n"
    ).encode()
