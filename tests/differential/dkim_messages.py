# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate messages that are awkward to canonicalise, and what may happen to them on their way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.differential.dkim_dice import Dice

Field = tuple[bytes, bytes]
"""Name and value, as ``HeaderField`` has them."""

NAMES = (b"To", b"Subject", b"Date", b"Message-ID", b"Received", b"Received", b"X-Mailer", b"Cc", b"List-Id", b"x-list")
_VALUES = (
    b"", b" ", b" \t ", b" plain words", b"nothing before", b"\tTab first", b" two  spaces\tand a tab",
    b" folded\r\n here", b" folded\r\n\t twice\r\n  and deep ", b"\r\n begins on the next line",
    b" ends in white space \t", b" caf\xe9 \xa0", b" caf\xc3\xa9", b" a:b;c=d", b" (comment) <a@b.example>",
    b" vertical\x0b\x0c tab", b" b=AAAA; bh=BBBB",
)  # fmt: skip
_AUTHORS = (
    b" Ann <ann@example.org>",
    b"ann@example.org",
    b"\tAnn\r\n\t<ann@example.org> ",
    b' "A, B"  <ann@example.org>',
)
_PIECES = (
    b"Hello", b"a longer run of words", b" ", b" ", b"  ", b"\t", b" \t ", b"\r\n", b"\r\n", b"\r\n\r\n", b".",
    b"..", b"\x0b", b"\xa0", b"\xc3\xa9", b"=20", b"-- ", b"x" * 130,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """One message."""

    fields: tuple[Field, ...]
    body: bytes

    @property
    def raw(self) -> bytes:
        return b"".join(name + b":" + value + b"\r\n" for name, value in self.fields) + b"\r\n" + self.body

    def below(self, *fields: Field) -> Letter:
        """The letter with these fields on top."""
        return replace(self, fields=(*fields, *self.fields))

    def with_field(self, index: int, field: Field) -> Letter:
        """The letter with another field at ``index``."""
        return replace(self, fields=(*self.fields[:index], field, *self.fields[index + 1 :]))


def write_letter(dice: Dice) -> Letter:
    """Write one from the author, with up to ten other fields."""
    fields = [_field(dice) for _ in range(dice.number(1, 10))]
    fields.insert(dice.number(0, len(fields)), (_name(dice, b"From"), dice.pick(_AUTHORS)))
    return Letter(tuple(fields), _body(dice))


def _field(dice: Dice) -> Field:
    value = dice.pick(_VALUES)
    if dice.happens("a line of a header field is white space", 0.03):
        value = b" before\r\n \t\r\n after"
    if dice.happens("CR alone in a header field", 0.02):
        value = b" before\rafter"
    return _name(dice, dice.pick(NAMES)), value


def _name(dice: Dice, name: bytes) -> bytes:
    if dice.often(0.1):
        name = dice.pick((name.upper(), name.lower()))
    return name + dice.pick((b" ", b"\t", b" \t")) if dice.happens("white space before a colon", 0.04) else name


def _body(dice: Dice) -> bytes:
    body = b"".join(dice.pick(_PIECES) for _ in range(dice.number(0, 25)))
    if dice.happens("CR alone in the body", 0.03):
        body = body.replace(b"Hello", b"Hel\rlo") + dice.pick((b"a\rb", b"\r"))
    if dice.happens("NUL in the body", 0.02):
        body += b"\x00"
    if not body.endswith(b"\r\n") and not dice.happens("no CRLF at the end", 0.15):
        body += b"\r\n" * dice.number(1, 3)
    return body


def on_its_way(dice: Dice, letter: Letter) -> Letter:
    """Change something, or nothing; some of it no canonicalisation minds, some all."""
    return dice.pick(_CHANGES)(dice, letter)


def _nothing(_dice: Dice, letter: Letter) -> Letter:
    return letter


def _longer_body(dice: Dice, letter: Letter) -> Letter:
    return replace(
        letter, body=letter.body + dice.pick((b"\r\n", b"\r\n\r\n", b" \r\n", b"\t\r\n\r\n", b"-- \r\nfooter\r\n"))
    )


def _shorter_body(_dice: Dice, letter: Letter) -> Letter:
    return replace(letter, body=letter.body[:-2]) if letter.body.endswith(b"\r\n\r\n") else letter


def _spaced_body(dice: Dice, letter: Letter) -> Letter:
    old, new = dice.pick(
        ((b" ", b"  "), (b"\t", b" "), (b"  ", b" "), (b"\r\n", b" \r\n"), (b" \r\n", b"\r\n"), (b"o", b"0"))
    )
    return replace(letter, body=letter.body.replace(old, new, 1))


def _value_change(old: bytes, new: bytes) -> Callable[[Dice, Letter], Letter]:
    def change(dice: Dice, letter: Letter) -> Letter:
        index = dice.number(0, len(letter.fields) - 1)
        name, value = letter.fields[index]
        return letter.with_field(index, (name, value.replace(old, new, 1)))

    return change


def _name_case(dice: Dice, letter: Letter) -> Letter:
    index = dice.number(0, len(letter.fields) - 1)
    name, value = letter.fields[index]
    return letter.with_field(index, (name.swapcase(), value))


def _added_field(dice: Dice, letter: Letter) -> Letter:
    index = dice.number(0, len(letter.fields))
    added = (dice.pick((*NAMES, b"From")), b" added")
    return replace(letter, fields=(*letter.fields[:index], added, *letter.fields[index:]))


def _lost_field(dice: Dice, letter: Letter) -> Letter:
    # Not the signature itself, nor the last field.
    index = dice.number(1, len(letter.fields) - 1)
    return replace(letter, fields=(*letter.fields[:index], *letter.fields[index + 1 :]))


def _exchanged_fields(dice: Dice, letter: Letter) -> Letter:
    one, other = dice.number(0, len(letter.fields) - 1), dice.number(0, len(letter.fields) - 1)
    first, second = letter.fields[one], letter.fields[other]
    return letter.with_field(one, second).with_field(other, first)


_CHANGES = (
    *[_nothing] * 12, _longer_body, _shorter_body, _spaced_body, _spaced_body, _name_case, _added_field,
    _lost_field, _exchanged_fields, _value_change(b" ", b"  "), _value_change(b"  ", b" "),
    _value_change(b"\r\n ", b" "), _value_change(b" ", b"\r\n\t"), _value_change(b"a", b"e"), _value_change(b"A", b"B"),
)  # fmt: skip
