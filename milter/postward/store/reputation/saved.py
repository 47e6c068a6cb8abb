# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is kept of one identity, in a form that can be written to a file and read from one that others wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from postward.model.reputation import Record
from postward.model.reputation_day import ReputationDay
from postward.store.reputation.history import pack_days
from postward.store.reputation.keys import identity_of, is_correspondence_key, key_of_tag, kind_of_tag
from postward.store.reputation.record import MOST, pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.identity import Identity, IdentityKind

Fields = dict[str, object]
"""What JSON can hold."""
_AMOUNTS = ("good", "bad", "hard", "seen")
_LONGEST_TAG = 120
_MOST = 1.01 * MOST
"""In a history, which has 32 bits for it, the most may be a little more."""
_MOST_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """One identity as it lies in Redis: not faded to now, so that it can be put back as it was."""

    tag: str
    """Says whose it is; see ``store.reputation.keys``."""
    slow: Record | None = None
    fast: Record | None = None
    days: tuple[ReputationDay, ...] = ()

    @property
    def kind(self) -> IdentityKind | None:
        """The kind of identity."""
        return kind_of_tag(self.tag)

    @property
    def identity(self) -> Identity | None:
        """None for a long name, of which only a hash is kept."""
        key = key_of_tag(self.tag)
        return identity_of(key) if key is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCorrespondence:
    """That a user of ours has written to somebody; of whom, only a hash is kept."""

    key: str
    until_s: int
    """Unix time at which it is forgotten."""


def fields_of(saved: Saved | SavedCorrespondence) -> Fields:
    """As it is written to a file, to be read by ``read_fields``."""
    if isinstance(saved, SavedCorrespondence):
        return {"correspondence": saved.key, "until": saved.until_s}
    identity = saved.identity
    fields: Fields = {"tag": saved.tag}
    if identity is not None:
        # For people alone; what is read is the tag.
        fields["identity"] = str(identity).encode(errors="backslashreplace").decode()
    for name, record in (("slow", saved.slow), ("fast", saved.fast)):
        if record is not None:
            fields[name] = {
                **{amount: getattr(record, amount) for amount in _AMOUNTS},
                "first": record.first_s,
                "last": record.last_s,
            }
    if saved.days:
        fields["days"] = [
            {"day": day.day.isoformat(), **{amount: getattr(day, amount) for amount in _AMOUNTS}} for day in saved.days
        ]
    return fields


def read_fields(fields: object) -> Saved | SavedCorrespondence:
    """Read what ``fields_of`` made; raises ValueError, in words for people, for what it cannot have made."""
    given = _mapping(fields, "a line")
    if "correspondence" in given:
        return _correspondence(given)
    tag = given.get("tag")
    if not isinstance(tag, str) or len(tag) > _LONGEST_TAG or key_of_tag(tag) is None:
        raise ValueError("the tag is none of an identity")
    days = given.get("days", [])
    if not isinstance(days, list) or len(days) > _MOST_DAYS:
        raise ValueError(f"days is no list of at most {_MOST_DAYS}")
    saved = Saved(
        tag=tag,
        slow=_record(given["slow"], "slow") if "slow" in given else None,
        fast=_record(given["fast"], "fast") if "fast" in given else None,
        days=tuple(map(_day, days)),
    )
    pack_days(saved.days, last_s=0)
    return saved


def _correspondence(given: Mapping[object, object]) -> SavedCorrespondence:
    key = given["correspondence"]
    if not isinstance(key, str) or len(key) > _LONGEST_TAG or not is_correspondence_key(key):
        raise ValueError("the key is none of a correspondence")
    return SavedCorrespondence(key=key, until_s=_seconds(given, "until"))


def _record(value: object, name: str) -> Record:
    given = _mapping(value, name)
    good, bad, hard, seen = (_amount(given, amount) for amount in _AMOUNTS)
    record = Record(
        good=good, bad=bad, hard=hard, seen=seen, first_s=_seconds(given, "first"), last_s=_seconds(given, "last")
    )
    pack(record)
    return record


def _day(value: object) -> ReputationDay:
    given = _mapping(value, "a day")
    day = given.get("day")
    if not isinstance(day, str) or len(day) != len("2026-01-01"):
        raise ValueError("a day is written as 2026-01-01")
    good, bad, hard, seen = (_amount(given, amount) for amount in _AMOUNTS)
    return ReputationDay(day=date.fromisoformat(day), good=good, bad=bad, hard=hard, seen=seen)


def _mapping(value: object, name: str) -> Mapping[object, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no mapping")  # noqa: TRY004 - a fault of a file
    return value


def _amount(given: Mapping[object, object], name: str) -> float:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        raise ValueError(f"{name} is no amount")
    return float(value)


def _seconds(given: Mapping[object, object], name: str) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 0xFFFFFFFF:  # noqa: PLR2004 - 32 bits
        raise ValueError(f"{name} is no time")
    return value
