# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate cases for DMARC (RFC 9989): an author, what SPF and DKIM authenticated, and a zone with policy records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

_ORGANIZATIONS = ("example.com", "bank.example", "co.test", "example", "b\u00fccher.example", "xn--bcher-kva.example")
_LABELS = ("a", "b", "mail", "news", "_x", "A", "eu-1")
_POLICIES = ("none", "quarantine", "reject", "Reject", "NONE")
_JUNK = (
    "", ";", "x=1", "foo", "=", "=1", "bare", "pct=0", "sp2=none", "rf=afrf", "ri=86400", "fo=1:d:s",
    "ruf=mailto:f@example.org",
)  # fmt: skip
_REPORTS = (
    "rua=mailto:a@example.org", "rua=a@example.org", "rua=", "rua=mailto:a@example.org!10m", "rua=mailto:",
    "rua=x:", "rua=mailto:a@example.org!", "rua=,", "rua=x,mailto:a@example.org", "rua= mailto:%41@example.org , x",
    "rua=mailto:%4@example.org", "rua=mailto:a@example.org,mailto:b@example.org", "rua=https://example.org/r",
    "rua=mailto:a b@example.org",
)  # fmt: skip
_VERSIONS = ("V=DMARC1", "v = DMARC1", "v=dmarc1", "v=DMARC10", "x=1; v=DMARC1", " v=DMARC1", "v=DMARC1 ")
_SEPARATORS = (";", "; ", " ; ", ";;", "; \t")
_FAILURES = ("SERVFAIL", "TIMEOUT")
_MAX_DEPTH = 9


@dataclass(frozen=True, slots=True)
class DmarcCase:
    """One case; domains as they stand in a message."""

    authors: tuple[str, ...]
    spf_domains: tuple[str, ...]
    """Of an SPF pass; one at most."""
    dkim_domains: tuple[str, ...]
    zone: dict[str, Any]
    has_capital_names: bool
    """Some names of tags may be in capitals; else some tags may stand twice."""


def dmarc_case(random: Random) -> DmarcCase:
    """Make one case."""
    organization = random.choice(_ORGANIZATIONS)
    author = _below(random, organization)
    authors = (author,)
    if random.random() < 0.1:
        authors += (random.choice((author, author.upper(), f"{author}.", "example.net")),)
    spf_domains = (_relative(random, author, organization),) if random.random() < 0.5 else ()
    dkim_domains = tuple(_relative(random, author, organization) for _ in range(random.choice((0, 0, 1, 1, 2, 3))))
    has_capital_names = random.random() < 0.2
    zone = _zone(random, [author, *spf_domains, *dkim_domains], has_capital_names=has_capital_names)
    return DmarcCase(authors, spf_domains, dkim_domains, zone, has_capital_names)


def _below(random: Random, domain: str) -> str:
    depth = random.choice((0, 0, 1, 1, 2, 3, random.randrange(_MAX_DEPTH)))
    return ".".join([*(random.choice(_LABELS) for _ in range(depth)), domain])


def _relative(random: Random, author: str, organization: str) -> str:
    """A domain that may align with the author's."""
    labels = author.split(".")
    return random.choice(
        (
            author,
            author.upper(),
            ".".join(labels[random.randrange(len(labels)) :]),
            f"{random.choice(_LABELS)}.{author}",
            f"x{author}",
            _below(random, organization),
            _below(random, random.choice(_ORGANIZATIONS)),
        )
    )


def _zone(random: Random, domains: list[str], *, has_capital_names: bool) -> dict[str, Any]:
    names = {".".join(parts[index:]) for domain in domains for parts in [_key(domain)] for index in range(len(parts))}
    zone: dict[str, Any] = {}
    density = random.choice((0.15, 0.4, 0.8))
    for name in sorted(names):
        if random.random() < density:
            zone[f"_dmarc.{name}"] = [{"TXT": text} for text in _records(random, has_capital_names=has_capital_names)]
        elif random.random() < 0.03:
            zone[f"_dmarc.{name}"] = random.choice(_FAILURES)
        if random.random() < 0.2:
            existing = ([{"A": "192.0.2.1"}], [{"CNAME": "gone.example.net"}], [{"MX": [1, name]}])
            zone[name] = random.choice((*existing, "SERVFAIL"))
    return zone


def _key(domain: str) -> list[str]:
    ascii_domain = domain.lower().replace("b\u00fccher", "xn--bcher-kva")
    return ascii_domain.removesuffix(".").split(".")


def _records(random: Random, *, has_capital_names: bool) -> list[Any]:
    count = random.choice((1, 1, 1, 1, 1, 1, 2, 3))
    return [_strings(random, _record(random, has_capital_names=has_capital_names)) for _ in range(count)]


def _record(random: Random, *, has_capital_names: bool) -> str:
    if random.random() < 0.05:
        return random.choice(("v=spf1 -all", "", "hello", "v=DMARC1"))
    tags = [f"p={random.choice(_POLICIES)}"] if random.random() < 0.9 else []
    tags += [f"{name}={random.choice(_POLICIES)}" for name in ("sp", "np") if random.random() < 0.35]
    tags += [f"psd={random.choice('ynuYNUx')}"] * (random.random() < 0.3)
    tags += [f"t={random.choice(('y', 'n', 'Y', 'yes'))}"] * (random.random() < 0.2)
    tags += [f"adkim={random.choice('rsSx')}"] * (random.random() < 0.25)
    tags += [f"aspf={random.choice('rsSx')}"] * (random.random() < 0.25)
    tags += [random.choice(_REPORTS)] * (random.random() < 0.4)
    tags += random.sample(_JUNK, random.randrange(3)) if random.random() < 0.3 else []
    tags = [_spoiled(random, tag) if random.random() < 0.04 else tag for tag in tags]
    if tags and random.random() < 0.05:
        if has_capital_names:
            tags[0] = tags[0].partition("=")[0].upper() + "=" + tags[0].partition("=")[2]
        else:
            tags.append(random.choice(tags))
    random.shuffle(tags)
    version = "v=DMARC1" if random.random() < 0.65 else random.choice(_VERSIONS)
    separator = random.choice(_SEPARATORS)
    return separator.join([version, *tags]) + random.choice(("", "", ";", " ", "; "))


def _spoiled(random: Random, tag: str) -> str:
    name, _, value = tag.partition("=")
    return random.choice((f"{name} = {value}", f"{name}={value}x", f"{name}=", f"{name}\t={value}"))


def _strings(random: Random, text: str) -> str | list[str]:
    """Cut into the strings of one record, sometimes."""
    cut = random.randrange(len(text) + 1)
    return [text[:cut], text[cut:]] if random.random() < 0.1 else text
