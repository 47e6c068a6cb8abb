# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the courier together, and what the commands share with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.app.courier.hand_over import MtaDoor
from postward.app.courier.housekeeping import ModerationCourier, QuarantineCourier
from postward.app.courier.loops import Courier, Round
from postward.app.courier.notice_mail import NoticeWriter
from postward.app.courier.notice_words import NoticeTemplate
from postward.app.courier.notices import NoticeCourier
from postward.app.courier.own_mail import OwnMailSettings
from postward.app.courier.pace import Pace
from postward.app.courier.release import Release
from postward.app.courier.uploads import UploadCourier
from postward.app.moderation import ModerationDesk
from postward.app.moderation_tokens import ModerationTokens
from postward.app.settings import authserv_id
from postward.app.spool_settings import bucket_settings, moderation_store, outbox, pending_uploads, quarantine_store
from postward.authn.dmarc.mailboxes import mail_domain
from postward.checks.pass_mark import PassMark
from postward.observability.privacy import AddressPrivacy
from postward.spool.s3 import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postward.config import Configuration
    from postward.observability.logger import EventLog

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_NOTICES_EVERY_S = 2.0
_UPLOADS_EVERY_S = 2.0
_MODERATION_EVERY_S = 15.0
_QUARANTINE_EVERY_S = 600.0


def own_mail_settings(config: Configuration) -> OwnMailSettings:
    """Who writes mail of our own."""
    host = mail_domain(authserv_id(config)) or "localhost"
    return OwnMailSettings(mail_from=config.notify.mail_from or f"postmaster@{host}", host=host)


def make_release(config: Configuration, secret: bytes, clock: Callable[[], float] = time.time) -> Release:
    """Make what hands messages to the MTA; ``secret`` is that of the mark."""
    return Release(MtaDoor(config.notify.smtp, own_mail_settings(config).host), PassMark(secret, clock=clock))


def make_moderation_desk(
    config: Configuration, secret: bytes, clock: Callable[[], float] = time.time
) -> ModerationDesk:
    """Make what decides about held messages: for commands, for the courier, and for a page on the web."""
    return ModerationDesk(
        moderation_store(config),
        make_release(config, secret, clock),
        ModerationTokens(secret, clock=clock),
        own_mail_settings(config),
        clock=clock,
    )


def make_courier(
    config: Configuration, secret: bytes, log: EventLog, clock: Callable[[], float] = time.time
) -> Courier | None:
    """Make the courier of this host; None in monitor mode, where nothing is ever kept."""
    if config.mode == "monitor":
        return None
    return Courier(tuple(_rounds(config, secret, log, clock)), log)


def _rounds(config: Configuration, secret: bytes, log: EventLog, clock: Callable[[], float]) -> Iterator[Round]:
    notices = _notice_courier(config, secret, log, clock)
    held = ModerationCourier(
        moderation_store(config),
        make_moderation_desk(config, secret, clock),
        log,
        retention_s=config.moderation.retention_days * _DAY_S,
        clock=clock,
        privacy=AddressPrivacy(config.log.addresses),
    )
    quarantine = QuarantineCourier(
        quarantine_store(config), log, retention_s=config.quarantine.retention_days * _DAY_S, clock=clock
    )
    yield Round(
        name="notices",
        folder=outbox(config).folder,
        step=notices.step,
        interval_s=_NOTICES_EVERY_S,
        tidy=notices.tidy,
    )
    store = moderation_store(config).folder
    yield Round(name="moderation", folder=store, step=held.step, interval_s=_MODERATION_EVERY_S, tidy=held.tidy)
    yield Round(
        name="quarantine",
        folder=quarantine_store(config).folder,
        step=quarantine.step,
        interval_s=_QUARANTINE_EVERY_S,
        tidy=quarantine.tidy,
    )
    for name, pending in pending_uploads(config).items():
        upload = UploadCourier(name, pending, Bucket(bucket_settings(config, name)), log, clock=clock)
        yield Round(
            name=f"archive-{name}",
            folder=pending.folder,
            step=upload.step,
            interval_s=_UPLOADS_EVERY_S,
            tidy=upload.tidy,
        )


def _notice_courier(config: Configuration, secret: bytes, log: EventLog, clock: Callable[[], float]) -> NoticeCourier:
    section = config.notify
    templates = {
        name: NoticeTemplate(subject=template.subject, text=template.text)
        for name, template in section.templates.items()
    }
    writer = NoticeWriter(
        own_mail_settings(config),
        templates,
        moderation_store(config),
        ModerationTokens(secret, clock=clock),
        config.moderation.base_url or "",
    )
    waiting = outbox(config)
    return NoticeCourier(
        waiting,
        writer,
        make_release(config, secret, clock),
        Pace(waiting.folder / "sent", section.interval_s),
        log,
        max_age_s=section.max_age_hours * _HOUR_S,
        clock=clock,
        privacy=AddressPrivacy(config.log.addresses),
    )
