# SPDX-License-Identifier: GPL-3.0-or-later
"""Which mail is sealed and with which key, from the section ``sealing``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from postward.app.key_loading import KeyLoading
from postward.signing.arc import Sealer, SealWhen
from postward.signing.loaded_key import LoadedKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config import Configuration
    from postward.errors import ConfigError
    from postward.signing.key_file import ServiceAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """The key that seals, and what is wrong with it."""

    sealer: Sealer | None = None
    """None where nothing is sealed, or the key cannot be used."""
    faults: tuple[ConfigError, ...] = ()
    """At most one: why the key cannot be used."""
    warnings: tuple[ConfigError, ...] = ()


def seal_when(config: Configuration) -> frozenset[SealWhen]:
    """The occasions on which a message from outside is sealed; none where nothing is to be."""
    return frozenset(map(SealWhen, config.sealing.when)) if config.sealing.enabled else frozenset()


def load_sealing_key(config: Configuration, account: ServiceAccount) -> SealingKey:
    """Load the key that ``sealing`` names, as a service that runs as ``account`` may; never raises for a bad key."""
    sealing = config.sealing
    if not sealing.enabled or sealing.domain is None or sealing.selector is None or sealing.file is None:
        return SealingKey()
    loading = KeyLoading(account=account)
    key = loading.load(sealing.file, sealing.selector, sealing.domain, partial(config.error_at, "sealing.file"))
    sealer = None
    if key is not None:
        loaded = LoadedKey(domain=sealing.domain, selector=sealing.selector, private_key=key)
        sealer = Sealer(key=loaded)
    warnings = (*loading.warnings, *_unvalidated(config))
    return SealingKey(sealer=sealer, faults=tuple(loading.faults), warnings=warnings)


def _unvalidated(config: Configuration) -> Iterator[ConfigError]:
    if not config.arc.enabled:
        message = "nothing is sealed while arc.enabled is false: a seal says whether the chain below it holds"
        yield config.error_at("sealing.enabled", message, "set arc.enabled to true")
