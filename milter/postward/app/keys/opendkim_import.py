# SPDX-License-Identifier: GPL-3.0-or-later
"""Take OpenDKIM's keys over: into ``keys_dir`` where they sign for their own domain, else as lines for signing.keys."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.keys.names import key_domain, key_selector
from postward.app.keys.opendkim_settings import settings_to_see_to
from postward.app.keys.opendkim_tables import AUTHOR_DOMAIN
from postward.errors import ConfigErrors, UsageError
from postward.signing.key_file import KeyFileError, ServiceAccount, read_guarded, read_private_key
from postward.signing.manifest import KeyEntry, Manifest

if TYPE_CHECKING:
    from postward.app.keys.key_directory import KeyDirectory
    from postward.app.keys.opendkim_tables import OpenDkimKey, OpenDkimSetup, OpenDkimSigner


@dataclass(slots=True)
class ImportReport:
    """What is done, what is left to the operator, and what is not carried over."""

    copied: dict[str, dict[str, KeyEntry]] = field(default_factory=dict)
    """By domain and selector."""
    pems: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """By domain and name of the file."""
    lines: list[str] = field(default_factory=list)
    """For signing.keys in postward.yaml."""
    left_out: list[str] = field(default_factory=list)
    """In words, each with its reason."""
    settings: list[str] = field(default_factory=list)
    """Settings of opendkim.conf that change what is signed, and what corresponds to them."""


def plan_import(setup: OpenDkimSetup, directory: KeyDirectory) -> ImportReport:
    """Work out what becomes of each line; nothing is written."""
    report = ImportReport(left_out=list(setup.problems), settings=list(settings_to_see_to(setup.settings)))
    for signer in setup.signers:
        try:
            _plan_one(signer, setup.keys[signer.key_name], report, directory)
        except UsageError as error:
            report.left_out.append(f"{signer.place}: {error}")
        except ConfigErrors as errors:
            report.left_out += [f"{signer.place}: {error}" for error in errors.errors]
    used = {signer.key_name for signer in setup.signers}
    report.left_out += [f"{name}: no line of SigningTable uses this key" for name in setup.keys if name not in used]
    return report


def carry_out(report: ImportReport, directory: KeyDirectory) -> None:
    """Write the keys, under the directory's lock; a domain whose keys cannot be written is left out."""
    for domain, entries in tuple(report.copied.items()):
        try:
            directory.write(Manifest(domain=domain, keys=tuple(entries.values())), report.pems[domain])
        except UsageError as error:
            del report.copied[domain]
            report.left_out.append(f"{domain}: {error}")


def _plan_one(signer: OpenDkimSigner, key: OpenDkimKey, report: ImportReport, directory: KeyDirectory) -> None:
    pattern = _pattern(signer.pattern)
    if "*" not in pattern:
        key = key.of_author(pattern)
    signing_domain = None if key.domain == AUTHOR_DOMAIN else key_domain(key.domain)
    selector = key_selector(key.selector, signing_domain or pattern)
    pem = _read(key.file)
    if signing_domain == pattern:
        _plan_copy(pattern, KeyEntry(selector=selector, file=f"{selector}.pem"), pem, report, directory)
        return
    settings = {"domain": pattern, "selector": selector, "file": key.file}
    if signing_domain is not None:
        settings["signing_domain"] = signing_domain
    # A JSON string is a string of YAML too, whatever stands in it.
    report.lines.append(
        f"- {{{', '.join(f'{name}: {json.dumps(value, ensure_ascii=False)}' for name, value in settings.items())}}}"
    )


def _plan_copy(domain: str, entry: KeyEntry, pem: bytes, report: ImportReport, directory: KeyDirectory) -> None:
    if domain not in report.copied and directory.manifest(domain) is not None:
        raise UsageError(f"{domain} has keys in {directory.path} already")
    entries, pems = report.copied.setdefault(domain, {}), report.pems.setdefault(domain, {})
    if pems.setdefault(entry.file, pem) != pem:
        raise UsageError(f"{domain} has another key with the selector {entry.selector}")
    entries[entry.selector] = entry


def _pattern(text: str) -> str:
    """A pattern of signing.keys for one of SigningTable (opendkim.conf(5)); raises UsageError."""
    local, at, domain = text.rpartition("@")
    if at and local != "*":
        raise UsageError("Postward chooses keys by the domain of the author, not by the address")
    if domain == "*":
        return domain
    above = next((domain.removeprefix(prefix) for prefix in ("*.", ".") if domain.startswith(prefix)), None)
    rest = domain if above is None else above
    if "*" in rest:
        raise UsageError(f"{text} has its asterisk where Postward knows none: *.DOMAIN is all below a domain")
    return key_domain(rest) if above is None else f"*.{key_domain(rest)}"


def _read(file: str) -> bytes:
    """The PEM of a usable key that nobody but its owner, whoever that is, and one group can read; raises UsageError."""
    if AUTHOR_DOMAIN in file:
        raise UsageError(f"the file {file} depends on the author's domain: name each in signing.keys")
    path = Path(file)
    if not path.is_absolute():
        raise UsageError(f"the file {file} is named from a directory that is not known")
    try:
        found = path.stat()
        owner = ServiceAccount(uid=found.st_uid, gid=found.st_gid)
        read_private_key(path, owner)
        return read_guarded(path, owner)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no path"
        raise UsageError(f"{path}: {reason}") from error
    except KeyFileError as error:
        raise UsageError(f"{path} {error.reason}") from error
