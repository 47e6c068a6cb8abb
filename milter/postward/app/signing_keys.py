# SPDX-License-Identifier: GPL-3.0-or-later
"""Load all signing keys: those listed by hand, and those that ``postward keys`` keeps.

What is wrong with a key stops nobody: it is told, and the mail of its domain waits or goes unsigned, as configured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from postward.app.key_folders import read_key_folders
from postward.app.key_loading import KeyLoading
from postward.errors import ConfigError
from postward.signing.keyring import DomainKeyring, KeyBinding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from postward.app.key_folders import KeyFolder
    from postward.app.key_manifests import ManifestFile
    from postward.config import Configuration
    from postward.signing.key_file import ServiceAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKey:
    """A key as it was listed, and where."""

    binding: KeyBinding
    at: ConfigError
    """A fault without words, with file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """The keys, and what is wrong with some of them."""

    keyring: DomainKeyring
    faults: tuple[ConfigError, ...] = ()
    """Each is a key, or a folder of keys, that cannot be used."""
    warnings: tuple[ConfigError, ...] = ()
    """Each is a key that is used all the same."""
    listed: tuple[ListedKey, ...] = ()
    """Every key, those that cannot be used among them."""


def load_signing_keys(config: Configuration, account: ServiceAccount) -> SigningKeys:
    """Load what ``signing`` names, as a service that runs as ``account`` may; never raises for a bad key."""
    if not config.signing.enabled:
        return SigningKeys(keyring=DomainKeyring(()))
    loading = KeyLoading(account=account)
    folders, is_complete = _read_folders(config, loading)
    listed = (*_by_hand(config, loading), *_kept(folders, loading))
    keyring = DomainKeyring(
        _of_algorithms([key.binding for key in listed], config.signing.algorithms),
        subdomains=config.signing.subdomains,
        is_complete=is_complete,
    )
    return SigningKeys(keyring=keyring, faults=tuple(loading.faults), warnings=tuple(loading.warnings), listed=listed)


def _read_folders(config: Configuration, loading: KeyLoading) -> tuple[Sequence[KeyFolder], bool]:
    """Read the folders, and whether those are all: a directory that cannot be read may hold the keys of any domain."""
    key = "signing.keys_dir"
    keys_dir = config.signing.keys_dir
    try:
        return read_key_folders(keys_dir), True
    except FileNotFoundError:
        if config.is_written(key):
            loading.faults.append(config.error_at(key, f"{keys_dir} does not exist", "`postward keys new` makes it"))
        return (), True
    except OSError as error:
        hint = "the service's user must be able to list it"
        loading.faults.append(config.error_at(key, f"{keys_dir} cannot be read: {error.strerror}", hint))
        return (), False


def _by_hand(config: Configuration, loading: KeyLoading) -> Iterator[ListedKey]:
    for index, key in enumerate(config.signing.keys):
        binding = KeyBinding(
            pattern=key.domain,
            selector=key.selector,
            private_key=None,
            tenant=key.tenant,
            signing_domain=key.signing_domain,
        )
        fault_at = partial(config.error_at, ("signing", "keys", index, "file"))
        yield _load(binding, key.file, fault_at, loading)


def _kept(folders: Iterable[KeyFolder], loading: KeyLoading) -> Iterator[ListedKey]:
    for folder in folders:
        if folder.manifest is not None:
            yield from _of_manifest(folder.manifest, loading)
            continue
        loading.faults.extend(folder.faults)
        binding = KeyBinding(pattern=folder.domain, selector="", private_key=None)
        yield ListedKey(binding=binding, at=folder.faults[0])


def _of_manifest(found: ManifestFile, loading: KeyLoading) -> Iterator[ListedKey]:
    for index, (entry, line) in enumerate(zip(found.manifest.keys, found.lines, strict=True)):
        binding = KeyBinding(
            pattern=found.manifest.domain,
            selector=entry.selector,
            private_key=None,
            signs_from_s=entry.signs_from_s,
            signs_until_s=entry.signs_until_s,
        )
        fault_at = partial(ConfigError, str(found.path), line, f"keys[{index}].file")
        yield _load(binding, found.path.parent / entry.file, fault_at, loading)


def _load(
    binding: KeyBinding, path: Path, fault_at: Callable[[str, str], ConfigError], loading: KeyLoading
) -> ListedKey:
    private_key = loading.load(path, binding.selector, binding.published_domain, fault_at)
    return ListedKey(binding=replace(binding, private_key=private_key), at=fault_at("", ""))


def _of_algorithms(bindings: Sequence[KeyBinding], algorithms: Sequence[str]) -> list[KeyBinding]:
    """Those that are to sign, in the order of ``algorithms``, and those that nobody can use, whatever they are."""
    places = {f"{algorithm}-sha256": place for place, algorithm in enumerate(algorithms)}
    unusable = [binding for binding in bindings if binding.private_key is None]
    usable = [
        (places[binding.private_key.algorithm], binding)
        for binding in bindings
        if binding.private_key is not None and binding.private_key.algorithm in places
    ]
    return [binding for _, binding in sorted(usable, key=itemgetter(0))] + unusable
