# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an identity, for people: the estimate, and level by level how it comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.cli.kept_text import moment, table
from postward.model.identity import IdentityKind
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.app.reputation_desk import Explained
    from postward.app.reputation_ranking import Ranked
    from postward.model.estimate import Estimate, Level
    from postward.model.identity import Identity
    from postward.model.reputation import Record
    from postward.model.reputation_day import ReputationDay

_KINDS = {
    IdentityKind.ALL: "everybody",
    IdentityKind.IP: "address",
    IdentityKind.NETWORK: "network",
    IdentityKind.ASN: "autonomous system",
    IdentityKind.HELO: "HELO name",
    IdentityKind.SPF_DOMAIN: "envelope sender's domain",
    IdentityKind.DKIM_DOMAIN: "signing domain",
    IdentityKind.AUTHOR_DOMAIN: "author's domain",
    IdentityKind.ORGANIZATION: "organization",
    IdentityKind.PAIR: "sender at an address",
    IdentityKind.LOGIN: "our user",
    IdentityKind.TENANT: "our domain",
    IdentityKind.OUTGOING_IP: "our address",
}
_BAR_COLUMNS = 30


def identity_words(identity: Identity) -> str:
    """Kind and name as people read them; nothing of it can move the cursor."""
    return f"{_KINDS[identity.kind]} {escape(identity.name)}".rstrip()


def explained_lines(explained: Explained) -> Iterator[str]:
    """Tell an estimate, a line each."""
    estimate, fast = explained.estimate, explained.fast
    record = estimate.record
    yield escape(str(estimate.identity))
    yield f"  {_percent(estimate.mean)} of its mail is expected to be bad; with 95 % certainty {_lower(estimate)}"
    yield f"  {_seen(record)}; confidence {estimate.confidence:.2f} (0: nothing is known, 1: all)"
    yield ""
    yield "How that comes about, from the widest to the narrowest"
    for level in estimate.levels:
        yield f"  {identity_words(level.identity)}: {_percent(level.mean)}"
        yield from (f"    {line}" for line in _level(level))
    if fast is not None:
        yield "  what came lately, of which half is forgotten in 30 minutes:"
        yield f"    {_evidence(fast)}"
        if estimate.mean > estimate.levels[-1].mean:
            yield f"    that outweighs all the rest: {_percent(estimate.mean)}"


def top_table(ranked: Sequence[Ranked]) -> str:
    """One line for each."""
    heads = ("IDENTITY", "BAD", "SURELY", "CONFIDENCE", "MESSAGES", "GRAVE", "LAST")
    rows = [
        (
            escape(str(each.identity)),
            _percent(each.mean),
            _percent(each.lower),
            f"{each.confidence:.2f}",
            f"{each.record.seen:,.0f}",
            _number(each.record.hard),
            moment(each.record.last_s),
        )
        for each in ranked
    ]
    return table(heads, rows)


def history_table(days: Sequence[ReputationDay]) -> str:
    """One line for each day, with a bar of what was bad and grave in it."""
    most = max((day.good + day.bad + day.hard for day in days), default=0.0)
    rows = [
        (
            day.day.isoformat(),
            f"{day.seen:,.0f}",
            _number(day.good),
            _number(day.bad),
            _number(day.hard),
            _bar(day, most),
        )
        for day in days
    ]
    return table(("DAY", "MESSAGES", "GOOD", "BAD", "GRAVE", "bad #, good -"), rows)


def _level(level: Level) -> Iterator[str]:
    if level.identity.kind is not IdentityKind.ALL:
        yield f"starts from {_percent(level.prior)}, which weighs as much as {level.strength:g} messages of its own"
    yield _evidence(level.record) if level.record is not None else "nothing of its own is known"


def _evidence(record: Record) -> str:
    grave = f", {_number(record.hard)} grave (malware)" if record.hard >= _LEAST_SHOWN else ""
    return f"its own, as far as it still counts: {_number(record.good)} good, {_number(record.bad)} bad{grave}"


_LEAST_SHOWN = 0.05


def _seen(record: Record | None) -> str:
    if record is None:
        return "no message of its own was seen"
    messages = f"{record.seen:,.0f} message{'' if round(record.seen) == 1 else 's'}"
    return f"{messages} seen since {moment(record.first_s)}, the last at {moment(record.last_s)}"


def _lower(estimate: Estimate) -> str:
    return f"not less than {_percent(estimate.lower)}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _number(amount: float) -> str:
    return f"{amount:,.1f}"


def _bar(day: ReputationDay, most: float) -> str:
    if most <= 0:
        return ""
    bad = round((day.bad + day.hard) / most * _BAR_COLUMNS)
    return "#" * bad + "-" * round(day.good / most * _BAR_COLUMNS)
