"""Take OpenDKIM's keys over: into ``keys_dir`` where they sign for their own domain, else as lines for signing.keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.keys.names import key_domain, key_selector
from postward.errors import ConfigErrors, UsageError
from postward.signing.key_file import KeyFileError, ServiceAccount, read_guarded, read_private_key
from postward.signing.manifest import KeyEntry, Manifest

if TYPE_CHECKING:
    from postward.app.keys.key_directory import KeyDirectory
    from postward.app.keys.opendkim_tables import OpenDkimKey, OpenDkimSetup, OpenDkimSigner

_AUTHOR = "%"


@dataclass(slots=True)
class ImportReport:
    """What is done, what is left to the operator, and what is not carried over."""

    copied: dict[str, list[KeyEntry]] = field(default_factory=dict)
    """By domain."""
    pems: dict[str, dict[str, bytes]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    """For signing.keys in postward.yaml."""
    left_out: list[str] = field(default_factory=list)
    """In words, each with its reason."""


def plan_import(setup: OpenDkimSetup, directory: KeyDirectory) -> ImportReport:
    """Work out what becomes of each line; nothing is written."""
    report = ImportReport(left_out=list(setup.problems))
    for signer in setup.signers:
        _plan_one(signer, setup.keys[signer.key_name], report, directory)
    used = {signer.key_name for signer in setup.signers}
    report.left_out += [f"{name}: no line of SigningTable uses this key" for name in setup.keys if name not in used]
    return report


def carry_out(report: ImportReport, directory: KeyDirectory) -> None:
    """Write the keys; raises UsageError."""
    for domain, entries in report.copied.items():
        directory.write(Manifest(domain=domain, keys=tuple(entries)), report.pems[domain])


def _plan_one(signer: OpenDkimSigner, key: OpenDkimKey, report: ImportReport, directory: KeyDirectory) -> None:
    try:
        pattern = _pattern(signer.pattern)
        selector = key_selector(key.selector, pattern)
        signing_domain = None if key.domain == _AUTHOR else key_domain(key.domain)
        pem = _read(key.file)
    except UsageError as error:
        report.left_out.append(f"{signer.pattern}: {error}")
        return
    if "*" in pattern or signing_domain not in {None, pattern}:
        other = "" if signing_domain is None else f", signing_domain: {signing_domain}"
        report.lines.append(f'- {{domain: "{pattern}", selector: {selector}, file: "{key.file}"{other}}}')
    else:
        _plan_copy(pattern, KeyEntry(selector=selector, file=f"{selector}.pem"), pem, report, directory)


def _plan_copy(domain: str, entry: KeyEntry, pem: bytes, report: ImportReport, directory: KeyDirectory) -> None:
    try:
        exists = domain not in report.copied and directory.manifest(domain) is not None
    except (ConfigErrors, UsageError) as error:
        report.left_out.append(f"{domain}: {error}")
        return
    if exists:
        report.left_out.append(f"{domain}: has keys in {directory.path} already")
    elif entry not in report.copied.get(domain, []):
        report.copied.setdefault(domain, []).append(entry)
        report.pems.setdefault(domain, {})[entry.file] = pem


def _pattern(text: str) -> str:
    """A pattern of signing.keys for one of SigningTable (opendkim.conf(5)); raises UsageError."""
    local, at, domain = text.rpartition("@")
    if at and local != "*":
        raise UsageError("Postward chooses keys by the domain of the author, not by the address")
    if domain == "*":
        return domain
    if domain.startswith("*."):
        return f"*.{key_domain(domain[2:])}"
    return f"*.{key_domain(domain[1:])}" if domain.startswith(".") else key_domain(domain)


def _read(file: str) -> bytes:
    """The PEM of a usable key that nobody but its owner, whoever that is, and one group can read; raises UsageError."""
    if _AUTHOR in file:
        raise UsageError(f"the file {file} depends on the author's domain: name each in signing.keys")
    path = Path(file)
    try:
        found = path.stat()
        owner = ServiceAccount(uid=found.st_uid, gid=found.st_gid)
        read_private_key(path, owner)
        return read_guarded(path, owner)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except KeyFileError as error:
        raise UsageError(f"{path} {error.reason}") from error
