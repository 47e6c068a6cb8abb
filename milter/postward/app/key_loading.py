# SPDX-License-Identifier: GPL-3.0-or-later
"""Load private keys one by one, each file once, and note what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.signing.key_file import KeyFileError, read_private_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from postward.errors import ConfigError
    from postward.signing.key_file import ServiceAccount
    from postward.signing.loaded_key import PrivateKey

_USUAL_RSA_BITS = 2048


@dataclass(slots=True, kw_only=True)
class KeyLoading:
    """What was loaded so far, and what was found."""

    account: ServiceAccount
    faults: list[ConfigError] = field(default_factory=list)
    warnings: list[ConfigError] = field(default_factory=list)
    _read: dict[Path, PrivateKey | KeyFileError] = field(default_factory=dict)
    _published: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def load(
        self, path: Path, selector: str, signing_domain: str | None, fault_at: Callable[[str, str], ConfigError]
    ) -> PrivateKey | None:
        """Give the key in ``path``; None where it cannot be used, which is noted as a fault.

        ``signing_domain`` is None where it is that of each author.  ``fault_at`` makes a fault of a message and a hint,
        with the file and line where the key is listed.
        """
        key = self._read_once(path)
        if isinstance(key, KeyFileError):
            self.faults.append(fault_at(f"{path} {key.reason}", key.hint))
            return None
        if signing_domain is not None and not self._is_only_one(key, selector, signing_domain):
            message = f"{path} is not the only key of the selector {selector} of {signing_domain}"
            self.faults.append(fault_at(message, "a selector publishes one key; give this one another"))
            return None
        if key.is_rsa and key.bits < _USUAL_RSA_BITS:
            message = f"{path} is an RSA key of only {key.bits} bits"
            self.warnings.append(fault_at(message, f"{_USUAL_RSA_BITS} are usual (RFC 8301 section 3.2)"))
        return key

    def _read_once(self, path: Path) -> PrivateKey | KeyFileError:
        if path not in self._read:
            try:
                self._read[path] = read_private_key(path, self.account)
            except KeyFileError as error:
                self._read[path] = error
        return self._read[path]

    def _is_only_one(self, key: PrivateKey, selector: str, signing_domain: str) -> bool:
        octets = key.public_octets()
        return self._published.setdefault((signing_domain, selector), octets) == octets
