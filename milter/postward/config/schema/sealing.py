# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``sealing``: ARC sets on mail from outside that goes on."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, PlainValidator, model_validator

from postward.config.schema.domain import OptionalDomain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.path import FilePath, parse_directory
from postward.config.schema.section import Section, fault, key

_Occasions = tuple[Literal["forwarded", "modified", "always"], ...]


def _some_occasion(occasions: _Occasions) -> _Occasions:
    if not occasions:
        raise fault("must name an occasion", "set sealing.enabled to false to seal nothing")
    return occasions


_OptionalFile = Annotated[
    FilePath | None, PlainValidator(lambda value: None if value is None else parse_directory(value))
]


class SealingSection(Section):
    """ARC seals on mail from outside (RFC 8617)."""

    enabled: bool = key(
        "Seal mail from outside: vouch for what it was worth as it came, for those whom it is passed on to.",
        default=False,
    )
    domain: OptionalDomain = key("Domain that seals (d=); receivers decide by it whether to believe.", default=None)
    selector: OptionalDomain = key("Selector under which the key is published (s=).", default=None)
    file: _OptionalFile = key(
        "The private key, a PEM file.  RSA: a set has one seal only, and many receivers cannot read Ed25519.",
        default=None,
    )
    when: Annotated[_Occasions, AfterValidator(_some_occasion)] = key(
        "forwarded: a recipient is not known to be in a domain that the directory has, so without a directory all mail"
        " from outside is; modified: we change what a signature covers; always.  A milter sees recipients as"
        " they were given to the MTA: where its aliases lead out of the house, set always.",
        default=("forwarded", "modified"),
    )

    @model_validator(mode="after")
    def _names_its_key(self) -> Self:
        missing = [name for name in ("domain", "selector", "file") if getattr(self, name) is None]
        if self.enabled and missing:
            raise fault(f"needs {' and '.join(missing)} to be enabled", "name the key that seals")
        return self
