# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are kept, from the sections ``quarantine``, ``moderation``, ``archive`` and ``notify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.settings import authserv_id
from postward.errors import ConfigError, UsageError
from postward.observability.privacy import AddressPrivacy
from postward.pipeline.depositing import Depositing, Depots
from postward.pipeline.notice_addressees import NoticeAddressees
from postward.spool.archive import MaildirArchive, UploadedArchive
from postward.spool.maildir import Maildir
from postward.spool.message_store import MessageStore
from postward.spool.outbox import Outbox
from postward.spool.s3 import BucketSettings, check_installed
from postward.spool.usage import StoreBounds

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config import Configuration
    from postward.observability.logger import EventLog
    from postward.spool.archive import Archive

_DAY_S = 86_400.0
_MANY = 1_000_000
"""Copies that wait for one bucket are bounded by their bytes alone."""


def quarantine_store(config: Configuration) -> MessageStore:
    """Open the quarantine; nothing is made before something is kept."""
    section = config.quarantine
    bounds = StoreBounds(max_messages=section.max_messages, max_bytes=section.max_bytes)
    return MessageStore(section.folder or config.state_dir / "quarantine", bounds)


def moderation_store(config: Configuration) -> MessageStore:
    """Open the folder of held messages."""
    section = config.moderation
    bounds = StoreBounds(max_messages=section.max_messages, max_bytes=section.max_bytes)
    return MessageStore(section.folder or config.state_dir / "moderation", bounds)


def outbox(config: Configuration) -> Outbox:
    """Open the folder of notices that wait."""
    return Outbox(config.state_dir / "outbox", StoreBounds(max_messages=config.notify.max_waiting))


def pending_uploads(config: Configuration) -> dict[str, MessageStore]:
    """Open the folder of each archive that is a bucket."""
    bounds = StoreBounds(max_messages=_MANY, max_bytes=config.archive.max_pending_bytes)
    return {
        name: MessageStore(_pending_folder(config, name), bounds)
        for name, store in config.archive.stores.items()
        if store.bucket is not None
    }


def bucket_settings(config: Configuration, name: str) -> BucketSettings:
    """Say where the objects of an archive go."""
    store = config.archive.stores[name]
    return BucketSettings(
        bucket=store.bucket or "",
        prefix=store.prefix or "",
        endpoint=store.endpoint or "",
        region=store.region or "",
        credentials_file=store.credentials_file,
        profile=store.profile or "default",
    )


def archive_faults(config: Configuration) -> tuple[ConfigError, ...]:
    """What keeps archives from being written to, as far as can be told beforehand."""
    buckets = [name for name, store in config.archive.stores.items() if store.bucket is not None]
    if not buckets:
        return ()
    try:
        check_installed()
    except UsageError as error:
        return tuple(config.error_at(("archive", "stores", name, "bucket"), str(error)) for name in buckets)
    return ()


def admin_addresses(config: Configuration) -> tuple[str, ...]:
    """Whom the word ``admin`` stands for."""
    return config.notify.admins or (f"postmaster@{authserv_id(config)}",)


def make_depositing(config: Configuration, log: EventLog) -> Depositing | None:
    """Make what keeps things; None in monitor mode, where nothing is done."""
    if config.mode == "monitor":
        return None
    depots = Depots(
        quarantine=quarantine_store(config),
        moderation=moderation_store(config),
        archives=_archives(config),
        outbox=outbox(config),
        longest_hold_s=config.moderation.retention_days * _DAY_S,
    )
    addressees = NoticeAddressees(admin_addresses(config))
    return Depositing(depots, addressees, log, privacy=AddressPrivacy(config.log.addresses))


def _archives(config: Configuration) -> dict[str, Archive]:
    archives: dict[str, Archive] = {name: UploadedArchive(pending) for name, pending in pending_uploads(config).items()}
    for name, store in config.archive.stores.items():
        if store.maildir is not None:
            archives[name] = MaildirArchive(Maildir(store.maildir))
    return archives


def _pending_folder(config: Configuration, name: str) -> Path:
    return config.state_dir / "archive" / name
