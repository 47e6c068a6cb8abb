# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of notices."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.courier.preview import shown_address, shown_addresses, shown_subject
from postward.observability.escape import escape, shorten
from postward.spool.notice import NoticeKind

if TYPE_CHECKING:
    from postward.spool.notice import Notice

_PLACE = re.compile(r"\{([a-z_]{1,40})\}")
_MAX_REASON_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTemplate:
    """Subject, and text for each message; ``{sender}`` and the like stand for what is known of it."""

    subject: str
    text: str


USUAL = {
    NoticeKind.MATCH: NoticeTemplate(
        subject="Rule {rule} has matched a message",
        text=(
            "Rule {rule} has matched a message.\n\n"
            "  Time:        {time}\n  Sender:      {sender}\n  Recipients:  {recipients}\n  Subject:     {subject}\n"
            "  Client:      {client} ({direction})\n  Queue id:    {queue_id}\n"
        ),
    ),
    NoticeKind.QUARANTINE: NoticeTemplate(
        subject="A message is in quarantine: {subject}",
        text=(
            "Rule {rule} has put a message into quarantine: {reason}.\n\n"
            "  Time:        {time}\n  Sender:      {sender}\n  Recipients:  {recipients}\n  Subject:     {subject}\n\n"
            "An administrator of the mail server can look at it, let it go, or delete it:\n\n"
            "  postward quarantine show {id}\n  postward quarantine release {id}\n  postward quarantine delete {id}\n"
        ),
    ),
    NoticeKind.MODERATION: NoticeTemplate(
        subject="Please decide about a message: {subject}",
        text=(
            "Rule {rule} holds a message until you decide about it.\n\n"
            "  Time:        {time}\n  Sender:      {sender}\n  Recipients:  {recipients}\n  Subject:     {subject}\n"
        ),
    ),
}


def filled(template: str, notice: Notice) -> str:
    """Put what is known into the places of a template, each time as one line; what is put in is not looked at again."""
    values = {
        "rule": escape(notice.rule),
        "reason": shorten(escape(notice.reason), _MAX_REASON_CHARS),
        "sender": shown_address(notice.sender),
        "recipients": shown_addresses(notice.recipients),
        "subject": shown_subject(notice.subject) or "(none)",
        "time": time_words(notice.time_s),
        "id": notice.message_id or "-",
        "queue_id": escape(notice.queue_id) or "-",
        "client": notice.client or "this host",
        "direction": notice.direction,
    }
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def time_words(unix_s: float) -> str:
    """A moment as people read it."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(unix_s))
