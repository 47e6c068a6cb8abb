# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that what rules want kept can be kept, and that mail of our own finds the MTA."""

from __future__ import annotations

import os
import socket
import stat
from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok, warning
from postward.app.diagnose.permissions import may
from postward.app.spool_settings import archive_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration
    from postward.model.ip_endpoint import IpEndpoint

SMTP_CHECK = "notify.smtp"
_TIMEOUT_S = 5.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_kept_messages(config: Configuration, service_user: str) -> Iterator[Finding]:
    """Try every folder, bucket and file that is configured; what lies in state_dir is tried with that."""
    for name, folder in (
        ("quarantine.folder", config.quarantine.folder),
        ("moderation.folder", config.moderation.folder),
    ):
        if folder is not None:
            yield _check_folder(name, folder, service_user)
    yield from _check_archives(config, service_user)
    if config.rules.enabled and config.mode != "monitor" and any(config.rules.folder.glob("*.yaml")):
        yield _check_smtp(config.notify.smtp)


def _check_archives(config: Configuration, service_user: str) -> Iterator[Finding]:
    yield from (error(fault.key, fault.message) for fault in archive_faults(config))
    for name, store in config.archive.stores.items():
        check = f"archive.stores.{name}"
        if store.maildir is not None:
            yield _check_folder(f"{check}.maildir", store.maildir, service_user)
        if store.credentials_file is not None:
            yield _check_credentials(f"{check}.credentials_file", store.credentials_file, service_user)


def _check_folder(check: str, folder: Path, service_user: str) -> Finding:
    """It must be the service's own, or a folder in which the service may make it."""
    make = f"install -d -o {service_user} -g {service_user} -m 0700 {folder}"
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if not may(service_user, there, os.R_OK | os.W_OK | os.X_OK):
        return error(check, f"the user {service_user} cannot write in {there}", make)
    if there == folder and folder.stat().st_mode & _OTHERS:
        return warning(check, f"other users of this host may enter {folder}", f"chmod 0700 {folder}")
    return ok(check, f"{folder} can be written")


def _check_credentials(check: str, path: Path, service_user: str) -> Finding:
    advice = f"chown {service_user} {path} && chmod 0600 {path}"
    if not may(service_user, path, os.R_OK):
        return error(check, f"the user {service_user} cannot read {path}", advice)
    if path.stat().st_mode & stat.S_IRWXO:
        return warning(check, f"every user of this host may read {path}", advice)
    return ok(check, f"{path} can be read by the service")


def _check_smtp(endpoint: IpEndpoint) -> Finding:
    if not endpoint.address.is_loopback:
        return warning(
            SMTP_CHECK,
            f"what is let go to {endpoint} is judged again, and may be held again: our mark counts from 127.0.0.1 only",
            "let the MTA of this host listen at 127.0.0.1, and name that",
        )
    try:
        socket.create_connection((str(endpoint.address), endpoint.port), _TIMEOUT_S).close()
    except OSError as failure:
        advice = "see that the MTA runs, or set notify.smtp to where it listens"
        return warning(SMTP_CHECK, f"no MTA takes notices and released mail at {endpoint}: {failure.strerror}", advice)
    return ok(SMTP_CHECK, f"an MTA listens at {endpoint}")
