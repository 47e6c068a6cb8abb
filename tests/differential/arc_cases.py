# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate cases for ARC: a message that several hands have sealed, well or badly (RFC 8617)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.differential.dkim_cases import SignedCase
from tests.differential.dkim_damage import damage_signature
from tests.differential.dkim_dice import Dice
from tests.differential.dkim_keys import publish
from tests.differential.dkim_messages import Letter, on_its_way, write_letter
from tests.signatures.message import read_message
from tests.signatures.sealer import SEALER, Hop, seal
from tests.signatures.signer import Recipe

if TYPE_CHECKING:
    from tests.signatures.signer import Tags

_NAMES = ("to", "subject", "date", "message-id", "received", "x-mailer", "dkim-signature", "not-there")
_PAST_S = 1_600_000_000
_FUTURE_S = 3_900_000_000


def arc_case(seed: int, without: frozenset[str]) -> SignedCase:
    """Make the case of a seed: up to five sets."""
    dice = Dice(seed, without)
    return _Chain(dice).case()


class _Chain:
    """Makes one chain."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.letter = write_letter(dice)
        self.zone: dict[str, object] = {}

    def case(self) -> SignedCase:
        for instance in range(1, self.dice.pick((1, 1, 2, 2, 3, 5)) + 1):
            self.letter = _read(seal(self.letter.raw, self._hop(instance)))
            if self.dice.often(0.15):
                self.letter = on_its_way(self.dice, self.letter)
        if self.dice.often(0.2):
            self.letter = on_its_way(self.dice, self.letter)
        self._reorder()
        if self.dice.happens("one octet of a signature is changed", 0.2):
            self.letter = damage_signature(self.dice, self.letter)
        return SignedCase("arc", self.letter.raw, self.zone, tuple(self.dice.happened))

    def _hop(self, instance: int) -> Hop:
        key = "ed25519" if self.dice.happens("Ed25519", 0.1) else self.dice.pick(("rsa2048", "rsa1024"))
        selector = f"arc{instance}" if self.dice.often(0.3) else f"arc-{key}"
        name = f"{selector}._domainkey.{SEALER}"
        if name not in self.zone:
            records = publish(self.dice, key)
            self.zone[name] = [{"TXT": record} for record in records] if isinstance(records, list) else records
        recipe, tags = self._message_signature(instance, key)
        return Hop(
            instance=self._instance(instance),
            seal=self._seal(instance) | {"s": selector},
            message_signature=tags | {"s": selector},
            results=self._results(instance),
            recipe=recipe,
            seal_key=key,
            seal_layout=self._layout(),
            leave_out=(self.dice.pick(("seal", "message_signature", "results")),) if self.dice.often(0.01) else (),
        )

    def _instance(self, instance: int) -> int:
        return instance + self.dice.pick((-1, 1)) if self.dice.happens("instance out of order", 0.02) else instance

    def _layout(self) -> str:
        if self.dice.happens("white space around values", 0.2):
            return self.dice.pick((" {name} = {value} ;", " {name}= {value} ;", " {name}={value}\r\n\t;"))
        return self.dice.pick((" {name}={value};", " {name}={value};", "{name}={value};", "\r\n\t{name}={value};"))

    def _seal(self, instance: int) -> Tags:
        expected = "none" if instance == 1 else "pass"
        tags: Tags = {"t": self.dice.pick((None, f"{_PAST_S}", f"{_PAST_S}")), "cv": expected}
        if self.dice.happens("another cv=", 0.04):
            tags["cv"] = self.dice.pick(("none", "pass", "fail", "other"))
        if self.dice.happens("cv= in capitals", 0.02):
            tags["cv"] = expected.upper()
        if self.dice.happens("a tag of DKIM in a seal", 0.04):
            tags |= self.dice.pick(
                ({"h": "from"}, {"x": "5"}, {"q": "other"}, {"c": "simple"}, {"bh": "AAAA"}, {"l": "1"}, {"v": "1"})
            )
        if self.dice.happens("a tag of a seal is wrong", 0.03):
            tags |= self.dice.pick(
                ({"a": "rsa-sha1"}, {"a": None}, {"d": None}, {"t": "x"}, {"cv": None}, {"zz": "1;zz=1"}, {"b": "AAAA"})
            )
        return tags | ({"zz": "unknown"} if self.dice.often(0.1) else {})

    def _message_signature(self, instance: int, key: str) -> tuple[Recipe, Tags]:
        header, body = (
            self.dice.pick(("simple", "relaxed", "relaxed")),
            self.dice.pick(("simple", "relaxed", "relaxed")),
        )
        recipe = Recipe(key=key, header=header, body=body, names=self._names(), layout=self._layout())
        tags: Tags = {"t": self.dice.pick((None, f"{_PAST_S}")), "x": self._expiry()}
        if header == body == "simple" and self.dice.happens("no c=", 0.5):
            tags["c"] = None
        if self.dice.happens("a tag of a message signature is wrong", 0.03):
            wrong: tuple[Tags, ...] = (
                {"a": "rsa-sha1"}, {"a": None}, {"d": None}, {"h": None}, {"t": "x"}, {"c": "other"}, {"b": "AAAA"},
                {"bh": "AAAA"}, {"bh": None},
            )  # fmt: skip
            tags |= self.dice.pick(wrong)
        if self.dice.happens("a tag of a message signature stands twice", 0.01):
            tags["zz"] = "1;zz=1"
        if self.dice.happens("v= in a message signature", 0.02):
            tags["v"] = "1"
        return recipe, tags | ({"n": f"i={instance + 1}"} if self.dice.often(0.1) else {})

    def _expiry(self) -> str | None:
        if self.dice.happens("a message signature has expired", 0.02):
            return f"{_PAST_S + 9}"
        return f"{_FUTURE_S}" if self.dice.often(0.1) else None

    def _names(self) -> tuple[str, ...]:
        names = self.dice.shuffled(_NAMES)[: self.dice.number(0, 6)]
        if not self.dice.happens("From is not signed", 0.03):
            names.insert(self.dice.number(0, len(names)), "from")
        elif not names and not self.dice.happens("h= is empty", 1):
            names = ["to"]
        if self.dice.happens("ARC fields are signed", 0.06):
            names.append(self.dice.pick(("arc-seal", "arc-authentication-results", "ARC-Seal")))
        return tuple(names)

    def _results(self, instance: int) -> str:
        payload = self.dice.pick(
            (
                " sealer.example; none",
                " sealer.example;\r\n\tspf=pass smtp.mailfrom=a.example;\r\n\tdkim=fail (no) header.d=b.example",
            )
        )
        begin = self.dice.pick((f" i={instance};", f"i={instance};", f"\r\n\ti={instance};"))
        if self.dice.happens("an odd beginning of the results", 0.05):
            begin = self.dice.pick(
                (
                    f" i = {instance} ;",
                    f" (a) i={instance};",
                    f" i={instance} (b;) ;",
                    f" I={instance};",
                    f" i={instance}",
                    f" i=0{instance};",
                )
            )
        return begin + payload

    def _reorder(self) -> None:
        if not self.dice.happens("fields of ARC stand in another order", 0.05):
            return
        fields = [field for field in self.letter.fields if field[0].lower().startswith(b"arc-")]
        others = [field for field in self.letter.fields if field not in fields]
        self.letter = Letter((*self.dice.shuffled(fields), *others), self.letter.body)


def _read(raw: bytes) -> Letter:
    headers, body = read_message(raw)
    return Letter(tuple((field.name, field.value) for field in headers), bytes(body))
