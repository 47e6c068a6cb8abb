# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate SPF records, good, odd and broken (RFC 7208 sections 5, 6, 7 and 12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

DOMAINS = ("example.com", "a.example.com", "b.example.com", "example.net", "c.example.net", "d.e.f.example.org")
HOSTS = (
    "mx1.example.com", "mx2.example.com", "mail.example.net", "h.example.org", "gone.example.org",
    "www.a.example.com",
)  # fmt: skip

_KINDS = ("a", "a", "mx", "mx", "ptr", "include", "include", "exists", "ip4", "ip4", "ip6")
_QUALIFIERS = ("", "", "", "+", "-", "~", "?")
_CIDR4 = ("", "", "", "/32", "/24", "/0", "/33", "/024", "/")
_CIDR6 = ("", "", "", "//128", "//64", "//0", "//129", "/64")
MODIFIERS = (
    "x=", "x=y", "x=%{d}", "x=%", "x=%{c}", "foo.bar-1_2=a/b:c", "-x=1", "1=2", "exp=gone.example.org",
    "exp=a.example.com eXp=b.example.com", "exp=%{d2}.example.net", "exp=%{r}", "exp=", "x=a=b", "X=y", "x=y",
)  # fmt: skip
ODD_TERMS = (
    "all:", "all/8", "ip4", "ip4:", "ip4:192.0.2", "ip4:192.0.2.1/", "ip4:192.0.2.256", "ip4:192.0.2.01",
    "ip6:192.0.2.1", "ip6:::g", "include", "include:", "exists", "exists:", "a:", "mx:", "ptr:", "ptr/24", "foo",
    "foo:bar", "-", "a:example", "a:example.123", "a:example.-a", "a:exa mple.com", "a:example.com.", "mx:%{d",
    "exists:%{d0}.example.com", "exists:%{D}.example.com", "a:.", "A", "MX", "PTR", "a://64", "a:/24",
    "a:example.com:8080", "include:example.com/24", "exists:%", "exists:%%.example.com", "exists:%_.example.com",
    "exists:%-.example.com", "a:museum", "a:example.c", "a:a..example.com", "all=x", "v=spf1", "ip4:192.0.2.1//32",
    "ip6:2001:db8::1//64", "ip6:::/0", "ip6:::ffff:192.0.2.1", "a:xn--a.xn--p1ai", "a:example.co-m",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProfile:
    """What may stand in a record."""

    kinds: tuple[str, ...] = _KINDS
    has_macros: bool = True
    letters: str = "sloidvhpSLODIVHP"
    odd_letters: str = "crtxC"
    odd_keeps: tuple[str, ...] = ("02", "128", "0", "00", "99999999999999999999")
    reversals: tuple[str, ...] = ("", "", "r", "R")
    has_bare_delimiters: bool = True
    """Delimiters also without digits and reversal."""
    ip6_prefixes: tuple[str, ...] = ("", "/32", "/48", "/128", "/0")
    odd_terms: tuple[str, ...] = ODD_TERMS
    modifiers: tuple[str, ...] = MODIFIERS


class RecordMaker:
    """Makes the records of one case; some cases have none with a fault, some have many."""

    def __init__(self, random: Random, profile: RecordProfile) -> None:
        self._profile = profile
        self._pick = random.choice
        self._happens = lambda probability: random.random() < probability
        self._place = lambda terms: random.randrange(len(terms) + 1)
        self._wildness = random.choice((0.0, 0.02, 0.15))

    def record(self) -> str:
        """Make one record."""
        pick = self._pick
        terms = [self._term() for _ in range(pick((1, 2, 2, 3, 4, 6)))]
        if self._happens(0.7):
            terms.append(pick(("-all", "~all", "?all", "+all", "all", "-ALL")))
        if self._happens(0.2):
            for _ in range(2 if self._happens(self._wildness / 4) else 1):
                terms.insert(self._place(terms), f"redirect={self._target()}")
        if self._happens(0.15):
            terms.insert(self._place(terms), pick(self._profile.modifiers if self._wildness else ("x=", "x=y")))
        version = pick(("v=spf1",) * 20 + ("V=spf1", "v=SPF1"))
        separator = "  " if self._happens(0.05) else " "
        return separator.join([version, *terms]) + pick(("", "", "", " "))

    def _term(self) -> str:
        qualifier = self._pick(_QUALIFIERS)
        if self._happens(self._wildness):
            return qualifier + self._pick(self._profile.odd_terms)
        kind = self._pick(self._profile.kinds)
        return qualifier + kind + self._argument(kind, is_wild=self._happens(self._wildness))

    def _argument(self, kind: str, *, is_wild: bool) -> str:
        pick = self._pick
        match kind:
            case "ip4":
                network = pick((":192.0.2.1", ":192.0.2.0", ":198.51.100.0", ":203.0.113.1"))
                return network + pick(_CIDR4 if is_wild else ("", "/24", "/25", "/0", "/32"))
            case "ip6":
                network = pick((":2001:db8::1", ":2001:DB8::", ":::1", ":2001:db8:1::25"))
                return network + pick(("/129", "/064", "/") if is_wild else self._profile.ip6_prefixes)
            case "include" | "exists":
                return f":{self._target()}"
        argument = pick(("", f":{self._target()}"))
        if kind != "ptr":
            argument += pick(_CIDR4 if is_wild else ("", "", "/24", "/32"))
            argument += pick(_CIDR6 if is_wild else ("", "", "//64"))
        return argument

    def _target(self) -> str:
        if self._happens(0.6) or not self._profile.has_macros:
            return self._pick((*DOMAINS, *HOSTS, "nothing.example.org"))
        macros = self._pick(("", "", ".")).join(self._macro() for _ in range(self._pick((1, 1, 1, 2, 2, 5))))
        return macros + self._pick((".example.com", ".example.net", ".%{o}", "%{d}", ".%{d2}"))

    def _macro(self) -> str:
        pick, profile = self._pick, self._profile
        is_odd = profile.odd_letters and self._happens(self._wildness / 4)
        letter = pick(profile.odd_letters if is_odd else profile.letters)
        keep = pick(profile.odd_keeps if is_odd else ("", "", "", "1", "2", "3", "20"))
        transformers = keep + pick(profile.reversals)
        if transformers or profile.has_bare_delimiters:
            transformers += pick(("", "", "", "-", ".-", "+=/", "_"))
        return f"%{{{letter}{transformers}}}"
