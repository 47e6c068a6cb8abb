# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys in PEM files: read once, and only where nobody else can read or change them."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cryptography
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from postward.errors import PermanentFailure
from postward.signing.loaded_key import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

MIN_RSA_BITS = 1024
"""RFC 8301 section 3.2: signers must use RSA keys of at least 1024 bits."""
_MAX_RSA_BITS = 8192
"""A signature with a longer one takes most of a second of CPU."""
_MAX_FILE_BYTES = 65_536
_RIGHTS_OF_OTHERS = stat.S_IRWXO
_ROOT = 0
_PRIVATE = "keep it from others: chmod 0640 with the group of the service, or chmod 0600 as the service's user"
_NEW_KEY = "`postward keys new` makes one"
_VERSION_WITH_SKIP = 39
_CAN_SKIP = int(cryptography.__version__.partition(".")[0]) >= _VERSION_WITH_SKIP
# To find out whether the factors of a key are primes takes 45 ms, minutes on a host with thousands of domains;
# ``PrivateKey.is_consistent`` finds a damaged key in one.
_LOADING = {"unsafe_skip_rsa_key_validation": True} if _CAN_SKIP else {}


class KeyFileError(PermanentFailure):
    """A file holds no key that may be used; ``reason`` and ``hint`` are words for an operator."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """The user and the group that Postward runs as."""

    uid: int
    gid: int


def read_private_key(path: Path, account: ServiceAccount) -> PrivateKey:
    """Read the key in ``path``; raises KeyFileError where there is none, or others could read or change it."""
    pem = read_guarded(path, account)
    try:
        key = load_pem_private_key(pem, None, **_LOADING)
    except TypeError as error:
        raise KeyFileError("is protected by a passphrase", "store it without one: openssl pkey -in FILE") from error
    except UnsupportedAlgorithm as error:
        raise KeyFileError("is neither an RSA nor an Ed25519 key", _NEW_KEY) from error
    except ValueError as error:
        raise KeyFileError(_why_unreadable(pem), _NEW_KEY) from error
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise KeyFileError("is neither an RSA nor an Ed25519 key", _NEW_KEY)
    return _checked(PrivateKey(key))


def read_guarded(path: Path, account: ServiceAccount) -> bytes:
    """Read a file through the descriptor whose owner and mode were looked at, so that nobody can swap it in between.

    Raises KeyFileError where it cannot be read, or others could read or change it.
    """
    try:
        # Without O_NONBLOCK a FIFO of that name would hold the start up for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unopened(error) from error
    try:
        _check_guarded(os.fstat(descriptor), account)
        with open(descriptor, "rb", closefd=False) as file:
            pem = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unopened(error) from error
    finally:
        os.close(descriptor)
    if len(pem) > _MAX_FILE_BYTES:
        raise KeyFileError(f"is longer than {_MAX_FILE_BYTES} bytes, which no key is")
    return pem


def _check_guarded(found: os.stat_result, account: ServiceAccount) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISREG(found.st_mode):
        raise KeyFileError("is no regular file")
    if found.st_uid not in {_ROOT, account.uid}:
        raise KeyFileError(
            f"belongs to the user with the number {found.st_uid}, neither root nor the service", "chown root FILE"
        )
    if mode & _RIGHTS_OF_OTHERS:
        raise KeyFileError(f"is open to everybody (mode {mode:04o})", _PRIVATE)
    if mode & stat.S_IWGRP:
        raise KeyFileError(f"can be changed by its group (mode {mode:04o})", _PRIVATE)
    if mode & stat.S_IRGRP and found.st_gid != account.gid:
        raise KeyFileError(f"can be read by the group with the number {found.st_gid}, not the service's", _PRIVATE)
    if not _is_readable(found, account):
        raise _unreadable()


def _is_readable(found: os.stat_result, account: ServiceAccount) -> bool:
    """Whether the service could have opened it, for `postward check` runs as root."""
    if account.uid in {_ROOT, found.st_uid}:
        return True
    return found.st_gid == account.gid and bool(found.st_mode & stat.S_IRGRP)


def _checked(key: PrivateKey) -> PrivateKey:
    if key.is_rsa and key.bits < MIN_RSA_BITS:
        raise KeyFileError(f"is an RSA key of only {key.bits} bits", f"{MIN_RSA_BITS} are the least, 2048 are usual")
    if key.is_rsa and key.bits > _MAX_RSA_BITS:
        raise KeyFileError(f"is an RSA key of {key.bits} bits", "2048 are usual, and few receivers read more than 4096")
    if not key.is_consistent():
        raise KeyFileError("is damaged: what it signs does not verify", _NEW_KEY)
    return key


def _unopened(error: OSError) -> KeyFileError:
    if error.errno == errno.ENOENT:
        return KeyFileError("does not exist", _NEW_KEY)
    if error.errno == errno.EACCES:
        return KeyFileError(
            "cannot be read by the service's user", "give it to that user's group: chgrp and chmod 0640"
        )
    return KeyFileError(f"cannot be read: {error.strerror}")


def _unreadable() -> KeyFileError:
    return KeyFileError("cannot be read by the service's user", "chgrp it to that user's group, chmod 0640")


def _why_unreadable(pem: bytes) -> str:
    if b"PRIVATE KEY-----" not in pem:
        return "holds a public key, not a private one" if b"PUBLIC KEY-----" in pem else "holds no private key in PEM"
    return "holds a private key that cannot be parsed"
