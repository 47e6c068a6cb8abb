# SPDX-License-Identifier: GPL-3.0-or-later
"""Make one mail of the notices about one rule to one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.courier.notice_words import USUAL, NoticeTemplate, filled, time_words
from postward.app.courier.own_mail import own_mail, text_entity
from postward.app.courier.preview import first_lines
from postward.errors import PostwardError
from postward.spool.kept_message import Decision
from postward.spool.notice import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postward.app.courier.own_mail import OwnMailSettings
    from postward.app.moderation_tokens import ModerationTokens
    from postward.spool.message_store import MessageStore
    from postward.spool.notice import Notice

_MAX_TOLD = 20
"""Messages that one mail tells of; of the others it says how many they are."""
_PREVIEW_LINES = 10
_MAX_PREVIEWED_OCTETS = 4 * 1024 * 1024
_RULER = "\n" + "-" * 60 + "\n\n"
_ON_EXPIRE = {
    "deliver": "it is delivered",
    "bounce": "it goes back to its sender, if that is one of ours, and is deleted otherwise",
    "discard": "it is deleted",
}


class NoticeWriter:
    """Writes mails."""

    def __init__(
        self,
        own: OwnMailSettings,
        templates: Mapping[str, NoticeTemplate],
        held: MessageStore,
        tokens: ModerationTokens,
        base_url: str,
    ) -> None:
        """``held`` are the messages that wait for moderators; ``base_url`` is "" where the notices have no links."""
        self._own = own
        self._templates = templates
        self._held = held
        self._tokens = tokens
        self._base_url = base_url

    def write(self, notices: Sequence[Notice], now_s: float) -> bytes | None:
        """Write one mail about all of them, which have the addressee in common; None where there is nothing to tell.

        A message that was decided meanwhile needs no decision any more.
        """
        told = [notice for notice in notices if self._is_open(notice)]
        if not told:
            return None
        template = self._template(told[0])
        blocks = [self._block(notice, template) for notice in told[:_MAX_TOLD]]
        if len(told) > _MAX_TOLD:
            blocks.append(f"There are {len(told) - _MAX_TOLD} more.\n")
        subject = filled(template.subject, told[0])
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        text = text_entity(_RULER.join(blocks))
        return own_mail(self._own, text, to=told[0].to, subject=subject + more, now_s=now_s)

    def _template(self, notice: Notice) -> NoticeTemplate:
        return self._templates.get(notice.template) or USUAL[notice.kind]

    def _is_open(self, notice: Notice) -> bool:
        if notice.kind is not NoticeKind.MODERATION:
            return True
        try:
            held = self._held.get(notice.message_id).moderation
        except PostwardError:
            return False
        return held is not None and held.decision is Decision.PENDING

    def _block(self, notice: Notice, template: NoticeTemplate) -> str:
        text = filled(template.text, notice).rstrip("\n") + "\n"
        return f"{text}\n{self._how_to_decide(notice)}" if notice.kind is NoticeKind.MODERATION else text

    def _how_to_decide(self, notice: Notice) -> str:
        ways = {word: self._way(notice, word) for word in ("approve", "reject")}
        lines = [f"> {line}" for line in self._preview(notice)]
        preview = "The first lines of it:\n\n" + "\n".join(lines) + "\n\n" if lines else ""
        expiry = f"If nobody decides until {time_words(notice.expires_s)}, {_ON_EXPIRE.get(notice.on_expire, '')}."
        return f"{preview}To let it go:\n\n  {ways['approve']}\n\nTo refuse it:\n\n  {ways['reject']}\n\n{expiry}\n"

    def _way(self, notice: Notice, word: str) -> str:
        if not self._base_url:
            return f"postward moderation {word} {notice.message_id}"
        return f"{self._base_url}?token={self._tokens.make(notice.message_id, word, notice.expires_s)}"

    def _preview(self, notice: Notice) -> Sequence[str]:
        try:
            message = self._held.get(notice.message_id)
            if message.size_bytes > _MAX_PREVIEWED_OCTETS:
                return ()
            return first_lines(self._held.content(message), _PREVIEW_LINES)
        except PostwardError:
            return ()
