# SPDX-License-Identifier: GPL-3.0-or-later
"""Send what waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.courier.hand_over import NotHandedOverError
from postward.observability.privacy import AddressPrivacy, show_address, show_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.app.courier.notice_mail import NoticeWriter
    from postward.app.courier.pace import Pace
    from postward.app.courier.release import Release
    from postward.observability.logger import EventLog
    from postward.spool.notice import Notice
    from postward.spool.outbox import Outbox

_FIRST_DELAY_S, _LONGEST_DELAY_S = 30.0, 3_600.0

Group = tuple[str, ...]
"""Kind, rule, template and addressee: what goes into one mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    """A group that could not be sent."""

    failures: int
    again_s: float


class NoticeCourier:
    """Sends notices, those about one rule to one address in one mail; used by one thread."""

    def __init__(
        self,
        outbox: Outbox,
        writer: NoticeWriter,
        release: Release,
        pace: Pace,
        log: EventLog,
        *,
        max_age_s: float,
        clock: Callable[[], float],
        privacy: AddressPrivacy = AddressPrivacy.FULL,
    ) -> None:
        self._outbox = outbox
        self._writer = writer
        self._release = release
        self._pace = pace
        self._log = log
        self._max_age_s = max_age_s
        self._clock = clock
        self._privacy = privacy
        self._troubles: dict[Group, _Trouble] = {}

    def step(self) -> None:
        """Send all that may be sent now; raises SpoolError."""
        waiting = self._outbox.waiting()
        for fault in waiting.faults:
            self._log.error("notice.damaged", text=fault)
        groups: dict[Group, list[Notice]] = {}
        for notice in waiting.notices:
            groups.setdefault((str(notice.kind), notice.rule, notice.template, notice.to), []).append(notice)
        self._troubles = {group: trouble for group, trouble in self._troubles.items() if group in groups}
        for group, notices in groups.items():
            if not self._attend(group, notices):
                # The MTA is in trouble, and most likely for the others too.
                break

    def tidy(self) -> None:
        """Remove what nobody needs any more; raises SpoolError."""
        self._outbox.tidy(self._clock())
        self._pace.tidy(self._clock())

    def _attend(self, group: Group, notices: Sequence[Notice]) -> bool:
        """Send a group if it may be; False where the MTA did not take it for now."""
        now_s = self._clock()
        trouble = self._troubles.get(group)
        if (trouble is not None and now_s < trouble.again_s) or not self._pace.allows(group, now_s):
            return True
        mail = self._writer.write(notices, now_s)
        if mail is None:
            self._outbox.remove(notices)
            return True
        self._pace.prepare(group)
        try:
            self._release.send_own(mail, notices[0].to)
        except NotHandedOverError as error:
            return self._note_failure(group, notices, error)
        self._pace.note(group, now_s)
        self._outbox.remove(notices)
        self._troubles.pop(group, None)
        self._log.info("notice.sent", rule=notices[0].rule, to=self._shown(notices[0]), count=len(notices))
        return True

    def _note_failure(self, group: Group, notices: Sequence[Notice], error: NotHandedOverError) -> bool:
        now_s = self._clock()
        old = [notice for notice in notices if error.is_permanent or now_s - notice.time_s > self._max_age_s]
        fields = {"rule": notices[0].rule, "to": self._shown(notices[0]), "text": show_text(str(error), self._privacy)}
        if old:
            self._outbox.remove(old)
            self._log.error("notice.given_up", count=len(old), **fields)
        else:
            self._log.warning("notice.not_sent", count=len(notices), **fields)
        failures = self._troubles[group].failures + 1 if group in self._troubles else 1
        delay_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(failures - 1, 32))
        self._troubles[group] = _Trouble(failures=failures, again_s=now_s + delay_s)
        return error.is_permanent

    def _shown(self, notice: Notice) -> str | None:
        return show_address(notice.to, self._privacy)
