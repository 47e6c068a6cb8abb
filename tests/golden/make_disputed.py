# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that another implementation judges otherwise; tests/differential/README.md says which.

Made anew by ``python -m tests.golden.make_disputed``; what is expected, and why, stands beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.golden.make_signed import PLAIN, Made, Records, published, rsa, write
from tests.signatures import keys
from tests.signatures.sealer import SEALER, SELECTOR, Hop, seal
from tests.signatures.signer import Recipe, sign_dkim

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.signatures.signer import Tags

SIMPLE = Recipe(header="simple", body="simple")
OPEN_END = PLAIN.removesuffix(b"\r\n")


def signed(tags: Tags, recipe: Recipe | None = None, records: Records | None = None, raw: bytes = PLAIN) -> Made:
    return sign_dkim(raw, tags, recipe), records or rsa()


def without_padding() -> Made:
    raw, records = signed({})
    return raw.replace(b"==;\r\nReceived", b";\r\nReceived", 1), records


def underscore() -> Made:
    return signed({"s": "k_2"}, None, published(keys.record("rsa2048"), selector="k_2"))


def capitals() -> Made:
    record = keys.record("rsa2048", "h=SHA256; s=EMAIL; ").replace("k=rsa", "k=RSA")
    return signed({"c": "RELAXED/Relaxed", "q": "DNS/TXT"}, None, published(record))


def sealer_key() -> Records:
    return published(keys.record("rsa2048"), selector=SELECTOR, domain=SEALER)


def two_sets(**oldest: object) -> Made:
    return seal(PLAIN, Hop(instance=1, **oldest), Hop(instance=2)), sealer_key()


def one_set(**tags: object) -> Made:
    return seal(PLAIN, Hop(instance=1, **tags)), sealer_key()


CASES: dict[str, Callable[[], Made]] = {
    "dkim/length-beyond-the-body": lambda: signed({"l": "100000"}),
    "dkim/length-zero": lambda: signed({}, Recipe(body_length=0)),
    "dkim/signed-in-the-future": lambda: signed({"t": "5000000000"}),
    "dkim/padding-missing": without_padding,
    "dkim/underscore-in-selector": underscore,
    "dkim/canonicalization-with-spaces": lambda: signed({"c": "relaxed / relaxed"}),
    "dkim/capitals": capitals,
    "dkim/key-lists-with-spaces": lambda: signed({}, None, rsa("h=sha1 : sha256; s=other : email; ")),
    "dkim/folded-identity": lambda: signed({"i": "ann\r\n @example.org"}),
    "dkim/identity-with-closing-dot": lambda: signed({"i": "@example.org."}),
    "dkim/identity-that-is-no-atom": lambda: signed({"i": "ann=3Bb=20c@example.org"}),
    "dkim/body-without-closing-crlf": lambda: signed({}, SIMPLE, None, OPEN_END),
    "dkim/tag-twice": lambda: signed({"zz": "1; zz=2"}),
    "dkim/control-character": lambda: signed({"zz": "\x0b"}),
    "dkim/key-with-granularity": lambda: signed({}, None, rsa("g=bob; ")),
    "arc/older-signature-of-unknown-algorithm": lambda: two_sets(message_signature={"a": "rsa-sha512"}),
    "arc/older-signature-that-signs-a-seal": lambda: two_sets(recipe=Recipe(names=("from", "arc-seal"))),
    "arc/older-signature-with-a-tag-twice": lambda: two_sets(message_signature={"zz": "1; zz=2"}),
    "arc/older-signature-expired": lambda: two_sets(message_signature={"x": "12400"}),
    "arc/seal-with-tags-of-dkim": lambda: one_set(seal={"x": "5", "q": "other"}),
    "arc/seal-with-h": lambda: one_set(seal={"h": "from"}),
    "arc/capitals-in-cv": lambda: one_set(seal={"cv": "NONE"}),
    "arc/results-behind-comments": lambda: one_set(results=" (a (b)) i (;) = 1 ; sealer.example; none"),
    "arc/spaces-around-values": lambda: one_set(seal_layout=" {name} = {value} ;"),
    "arc/signature-names-its-own-field": lambda: one_set(recipe=Recipe(names=("from", "arc-message-signature"))),
}


if __name__ == "__main__":
    write(CASES)
