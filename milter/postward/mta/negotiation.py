# SPDX-License-Identifier: GPL-3.0-or-later
"""What is agreed with the MTA at the start of a session: less than everything, never more than it offers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce

import milter

_ACTIONS = milter.ADDHDRS | milter.CHGHDRS | milter.QUARANTINE | milter.SETSYMLIST
_ENVELOPE_ACTIONS = milter.CHGFROM | milter.ADDRCPT | milter.ADDRCPT_PAR | milter.DELRCPT

_UNNEEDED = milter.P_NODATA | milter.P_NOUNKNOWN | milter.P_NOEOH
"""Stages that nobody looks at."""

_UNANSWERED = milter.P_NR_CONN | milter.P_NR_MAIL | milter.P_NR_RCPT | milter.P_NR_HDR | milter.P_NR_BODY
"""Stages that are only recorded: the MTA need not wait for an answer.

HELO is answered, though there is nothing to say: what needs no answer Postfix keeps in a buffer until something does,
and the look-ups about the client would begin when the message is there.  CONNECT is not, for after a change of clients
libmilter passes over it at times, and the MTA would wait for ever.  Senders and recipients are answered where they may
be refused.
"""

_STEPS = _UNNEEDED | _UNANSWERED | milter.P_HDR_LEADSPC

MACROS = {
    milter.M_CONNECT: "j v {daemon_name} {daemon_addr} {client_addr}",
    milter.M_HELO: "{tls_version}",
    milter.M_ENVFROM: "{auth_authen} {auth_type} {tls_version}",
    milter.M_ENVRCPT: "i",
    milter.M_EOM: "i",
}
"""Macros to ask for, by stage; without a list of ours the MTA sends what its own configuration says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiated:
    """What both sides can do."""

    actions: int
    steps: int

    def __and__(self, other: Negotiated) -> Negotiated:
        """What both agreements have in common."""
        return Negotiated(actions=self.actions & other.actions, steps=self.steps & other.steps)

    def reply(self, unanswered: int) -> int:
        """Return the answer to a recorded stage; ``unanswered`` is the flag by which its answer can be left out."""
        return milter.NOREPLY if self.steps & unanswered else milter.CONTINUE

    @property
    def keeps_leading_space(self) -> bool:
        """Values hold all that stands behind the colon, in both directions."""
        return bool(self.steps & milter.P_HDR_LEADSPC)

    @property
    def may_add_headers(self) -> bool:
        """The MTA lets us insert fields."""
        return bool(self.actions & milter.ADDHDRS)

    @property
    def may_change_headers(self) -> bool:
        """The MTA lets us change and delete fields."""
        return bool(self.actions & milter.CHGHDRS)

    @property
    def may_hold(self) -> bool:
        """The MTA can put a message on hold."""
        return bool(self.actions & milter.QUARANTINE)

    @property
    def may_change_sender(self) -> bool:
        """The MTA lets us give another envelope sender."""
        return bool(self.actions & milter.CHGFROM)

    @property
    def may_add_recipients(self) -> bool:
        """The MTA lets us add envelope recipients."""
        return bool(self.actions & milter.ADDRCPT)

    @property
    def may_add_silently(self) -> bool:
        """The MTA lets us say of recipients that the sender is not to be told of them."""
        return bool(self.actions & milter.ADDRCPT_PAR)

    @property
    def may_replace_body(self) -> bool:
        """The MTA lets us give another body."""
        return bool(self.actions & milter.CHGBODY)

    @property
    def may_drop_recipients(self) -> bool:
        """The MTA lets us take envelope recipients off."""
        return bool(self.actions & milter.DELRCPT)

    @property
    def may_choose_macros(self) -> bool:
        """The MTA sends the macros that we ask for."""
        return bool(self.actions & milter.SETSYMLIST)


NOTHING_AGREED = Negotiated(actions=0, steps=0)


@lru_cache(maxsize=16)
def agree(
    offered_actions: int,
    offered_steps: int,
    *,
    answers_senders: bool = False,
    answers_recipients: bool = False,
    changes_envelope: bool = False,
    changes_body: bool = False,
) -> Negotiated:
    """Choose from what the MTA offers (both are bit masks of the milter protocol).

    ``answers_senders``: the MTA has to wait for an answer to MAIL FROM, ``answers_recipients``: to each recipient.
    ``changes_envelope``: senders and recipients may be changed.  ``changes_body``: the body may be replaced.
    """
    actions = _ACTIONS | (_ENVELOPE_ACTIONS if changes_envelope else 0) | (milter.CHGBODY if changes_body else 0)
    answered = (milter.P_NR_MAIL if answers_senders else 0) | (milter.P_NR_RCPT if answers_recipients else 0)
    return Negotiated(actions=offered_actions & actions, steps=offered_steps & _STEPS & ~answered)


class Agreements:
    """All that was agreed in this process, for sessions in which nothing is negotiated.

    After QUIT_NC libmilter goes on with what it agreed with the MTA for the client before, and tells nobody what
    that was.  What every MTA of this socket has agreed to holds for this one too: mostly there is one alone.
    """

    def __init__(self) -> None:
        self._seen: set[Negotiated] = set()

    def add(self, agreed: Negotiated) -> None:
        """Take note of one more agreement; on any thread."""
        self._seen.add(agreed)

    @property
    def common(self) -> Negotiated:
        """What is in all of them."""
        return reduce(Negotiated.__and__, tuple(self._seen)) if self._seen else NOTHING_AGREED
