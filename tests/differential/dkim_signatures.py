# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate DKIM signatures (RFC 6376) with every liberty that the syntax gives, and some that it does not."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.signatures import keys, reference

if TYPE_CHECKING:
    from tests.differential.dkim_dice import Dice
    from tests.differential.dkim_messages import Field, Letter

DOMAINS = ("example.org", "mail.example.org", "EXAMPLE.org", "a.b.example.net")
_SELECTORS = ("sel", "2026.dkim", "S1")
_SPACES = ("", " ", " ", " ", "  ", "\t", "\r\n\t", "\r\n ")
_NAMES = (
    "to",
    "subject",
    "date",
    "message-id",
    "received",
    "received",
    "x-mailer",
    "cc",
    "list-id",
    "x-list",
    "not-there",
)
_WRONG_TAGS = (
    "v=2", "v=", "v=1;", "a=rsa-sha512", "a=rsa-sha1", "c=simple/other", "c=other", "l=x", "l=-1", "l=", "t=x", "x=",
    "d=", "d=example..org", "d=example.org.", "s=", "s=a..b", "h=", "bh=AAAA", "q=", "i=", "i=ann@", "1z=2",
    "zz=1;zz=2", "zz=1;zz",
)  # fmt: skip
_PAST_S = 1_600_000_000
_FUTURE_S = 3_900_000_000
_B64_LINE = 60


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed letter, and where the key is asked for."""

    letter: Letter
    key: str
    domain: str
    selector: str


def sign(dice: Dice, letter: Letter) -> Signed:
    """Add one signature on top."""
    return _Signer(dice, letter).signed()


class _Signer:
    """Makes one signature."""

    def __init__(self, dice: Dice, letter: Letter) -> None:
        self.dice = dice
        self.letter = letter
        self.key = "ed25519" if dice.happens("Ed25519", 0.15) else dice.pick(("rsa2048", "rsa2048", "rsa1024"))
        self.header, self.body = dice.pick(("simple", "relaxed")), dice.pick(("simple", "relaxed"))
        self.domain, self.selector = dice.pick(DOMAINS), dice.pick(_SELECTORS)
        if dice.happens("U-label", 0.05):
            self.domain = dice.pick(("b\u00fccher.example", "B\u00dcCHER.example"))

    def signed(self) -> Signed:
        name = self.dice.pick(("DKIM-Signature", "DKIM-Signature", "dkim-signature"))
        unsigned, filled = self._texts(self._tags())
        signature = keys.sign(self.key, self._data((name.encode(), unsigned.encode())))
        value = filled.replace("{b}", self._folded(b64encode(signature).decode()))
        return Signed(self.letter.below((name.encode(), value.encode())), self.key, self.domain, self.selector)

    def _tags(self) -> list[tuple[str, str]]:
        names = self._names()
        length = self._length()
        tags = {
            "v": "1",
            "a": "ed25519-sha256" if self.key == "ed25519" else "rsa-sha256",
            "d": self.domain,
            "s": self.selector,
            "h": self._joined_names(names),
            "bh": self._folded(self._body_hash(length)),
        }
        self._names_to_sign = names
        optional = {
            "c": self._canonicalizations(),
            "l": length,
            "i": self._identity(),
            "q": self._query(),
            **self._times(),
        }
        optional |= {
            "z": self._maybe("From:a@b.example|Subject:b=3Db=3Bbh=3D"),
            "zz": self._maybe("anything b = ( goes"),
        }
        tags |= {name: str(value) for name, value in optional.items() if value is not None}
        self._break(tags)
        return self.dice.shuffled([*tags.items(), ("b", "{b}")])

    def _maybe(self, value: str) -> str | None:
        return value if self.dice.often(0.1) else None

    def _names(self) -> list[str]:
        names = self.dice.shuffled([*_NAMES, "from", "from"])[: self.dice.number(2, 12)]
        if "from" not in names and not self.dice.happens("From is not signed", 0.1):
            names.insert(self.dice.number(0, len(names)), "from")
        return names

    def _joined_names(self, names: list[str]) -> str:
        text = ""
        for name in names:
            cased = self.dice.pick((name, name, name.upper(), name.title()))
            colon = self.dice.pick((":", ":", ":", " :", ": ", "\r\n\t:", ":\r\n "))
            text += (colon if text else "") + cased
        return text + (":" if self.dice.happens("an empty name in h=", 0.02) else "")

    def _length(self) -> int | None:
        if not self.dice.often(0.15):
            return None
        whole = len(reference.BODIES[self.body](self.letter.body))
        if self.dice.happens("l= is zero", 0.1):
            return 0
        if self.dice.happens("l= beyond the body", 0.2):
            return whole + self.dice.number(1, 10)
        if not self.letter.body.strip(b"\r\n") and not self.dice.happens("l= with an empty body", 1):
            return None
        return self.dice.number(min(1, whole), whole)

    def _body_hash(self, length: int | None) -> str:
        return b64encode(sha256(reference.BODIES[self.body](self.letter.body)[:length]).digest()).decode()

    def _canonicalizations(self) -> str | None:
        if self.body == "simple" and self.dice.often(0.5):
            return self.header if self.header == "relaxed" or self.dice.often(0.5) else None
        text = f"{self.header}/{self.body}"
        return text.upper() if self.dice.happens("c= in capitals", 0.03) else text

    def _identity(self) -> str | None:
        if not self.dice.often(0.3):
            return None
        local = self.dice.pick(("", "", "ann", "ann", "a.b", "=61nn", "prvs=zzz=ann", "ann=2Bx"))
        if self.dice.happens("i= is folded", 0.05):
            local = "an\r\n n"
        if self.dice.happens("i= with what no atom can hold", 0.1):
            local = self.dice.pick(("ann=40x", "ann=3Bx", "a=20b", "a..b", "=E9"))
        domain = self.dice.pick(
            (
                *[self.domain] * 4,
                f"sub.{self.domain}",
                f"sub.{self.domain}",
                self.domain.lower(),
                "example.com",
                f"x{self.domain}",
            )
        )
        return f"{local}@{domain}" if not self.dice.happens("i= without @", 0.03) else domain

    def _query(self) -> str | None:
        return self.dice.pick((*[None] * 12, "dns/txt", "dns/txt:other", "other:dns/txt", "other"))

    def _times(self) -> dict[str, str | None]:
        choices: list[tuple[int | None, int | None]] = [(None, None)] * 8 + [(_PAST_S, None)] * 6
        choices += [
            (_PAST_S, _FUTURE_S),
            (_PAST_S, _PAST_S + 9),
            (None, _PAST_S),
            (None, _FUTURE_S),
            (_PAST_S, _PAST_S - 9),
        ]
        if self.dice.happens("signed in the future", 0.02):
            choices = [(_FUTURE_S, None)]
        signed_s, expires_s = self.dice.pick(choices)
        return {"t": signed_s and f"{signed_s}", "x": expires_s and f"{expires_s}"}

    def _break(self, tags: dict[str, str]) -> None:
        """Get one tag wrong, now and then."""
        if not self.dice.happens("a tag is wrong", 0.06):
            return
        name, _, value = self.dice.pick(_WRONG_TAGS).partition("=")
        tags[name] = value
        if self.dice.often(0.2):
            del tags[self.dice.pick(("v", "a", "d", "s", "bh", "h"))]

    def _texts(self, tags: list[tuple[str, str]]) -> tuple[str, str]:
        """The value with b= emptied, and as it will stand there with {b} in it."""
        unsigned, filled = [], []
        for name, value in tags:
            before = self.dice.pick(_SPACES) + name + self.dice.pick(("", "", "", " ", "\r\n\t")) + "="
            after = self.dice.pick(("", "", "", " ", "\r\n "))
            text = before + self.dice.pick(("", "", "", " ", "\t")) + value + after
            filled.append(text)
            # RFC 6376 section 3.7: the value goes, and all white space around it.
            unsigned.append(before if name == "b" else text)
        end = self.dice.pick(("", "", ";", "; "))
        return ";".join(unsigned) + end, ";".join(filled) + end

    def _folded(self, text: str) -> str:
        style = self.dice.pick(("", "", "\r\n\t", " ", "\r\n \t "))
        return (
            style.join(text[start : start + _B64_LINE] for start in range(0, len(text), _B64_LINE)) if style else text
        )

    def _data(self, signature_field: Field) -> bytes:
        canonical = reference.FIELDS[self.header]
        left = list(self.letter.fields)
        data = b""
        for name in self._names_to_sign:
            found = [index for index, field in enumerate(left) if field[0].rstrip(b" \t").lower() == name.encode()]
            if found:
                data += canonical(*left.pop(found[-1]))
        return data + canonical(*signature_field).removesuffix(b"\r\n")
