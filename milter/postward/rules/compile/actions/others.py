# SPDX-License-Identifier: GPL-3.0-or-later
"""The other actions: what is kept, marked, scored, or sent another way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.model.rule_action import (
    AddScore,
    Archive,
    Audit,
    BypassSpam,
    Discard,
    Junk,
    Quarantine,
    Route,
    SetScore,
    Tag,
)
from postward.rules.compile.actions.addresses import told_addresses
from postward.rules.compile.place import did_you_mean
from postward.rules.compile.template import text_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.actions.template import Action, Reading
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Subject

_MOST_POINTS = 1_000.0
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)
_STORES = ("own", "hold")
_SECTIONS = {"route": "routes", "archive": "archive"}
"""Of postward.yaml, where these names stand."""


def discard(reading: Reading) -> Action:
    """A name alone."""
    reading.only_name()
    return reading.constant(Discard())


def junk(reading: Reading) -> Action:
    """A name alone."""
    reading.only_name()
    return reading.constant(Junk())


def bypass_spam(reading: Reading) -> Action:
    """A name alone."""
    reading.only_name()
    return reading.constant(BypassSpam())


def quarantine(reading: Reading) -> Action:
    """A name alone, ``own``, ``hold``, or ``{store: own, reason: TEXT, notify: [...]}``."""
    place = reading.place
    if place is None:
        return reading.constant(Quarantine())
    entries = place.mapping(("store", "reason", "notify")) if place.is_mapping else {"store": place}
    is_own = "store" not in entries or entries["store"].choice(_STORES) == "own"
    told = told_addresses(entries["notify"], reading) if "notify" in entries else ()
    if "reason" not in entries:
        return replace(reading.constant(Quarantine(own_store=is_own, notify=told)), is_whole_message=not is_own)
    template = text_template(entries["reason"], reading.context, reading.captures)

    def build(subject: Subject, captures: Mapping[str, str]) -> Quarantine:
        return Quarantine(own_store=is_own, reason=template.fill(subject, captures), notify=told)

    return replace(reading.action(build, template), is_whole_message=not is_own)


def route(reading: Reading) -> Action:
    """The name of a route."""
    return reading.constant(Route(name=_known(reading.operand(), reading)))


def archive(reading: Reading) -> Action:
    """The name of an archive."""
    return reading.constant(Archive(name=_known(reading.operand(), reading)))


def score(reading: Reading) -> Action:
    """Points that are added, ``{add: 3}``, or ``{set: 6}``."""
    place = reading.operand()
    if not place.is_mapping:
        return reading.constant(AddScore(points=_points(place)))
    entries = place.mapping(("add", "set"))
    if len(entries) != 1:
        raise place.fault("must add points or set them", "write {add: 3} or {set: 6}")
    if "add" in entries:
        return reading.constant(AddScore(points=_points(entries["add"])))
    return replace(reading.constant(SetScore(points=_points(entries["set"]))), kind="set_score")


def set_score(reading: Reading) -> Action:
    """The score."""
    return reading.constant(SetScore(points=_points(reading.operand())))


def tag(reading: Reading) -> Action:
    """A word."""
    place = reading.operand()
    name = place.text()
    if not _TAG.fullmatch(name):
        raise place.fault("is no tag", "write letters and digits with - . _ or : between them, 64 at most")
    return reading.constant(Tag(name=name))


def audit(reading: Reading) -> Action:
    """``{severity: high}``."""
    place = reading.operand()
    at = place.mapping(("severity",)).get("severity") if place.is_mapping else place
    if at is None:
        raise place.fault("has no severity")
    return reading.constant(Audit(severity=at.choice(("low", "medium", "high"))))


def _points(place: Place) -> float:
    return place.number(-_MOST_POINTS, _MOST_POINTS)


def _known(place: Place, reading: Reading) -> str:
    name = place.text()
    known = reading.context.known_names.get(reading.kind)
    if known is not None and name not in known:
        hint = (
            did_you_mean(name, tuple(known))
            if known
            else f"there is none yet: write it below {_SECTIONS[reading.kind]}"
        )
        raise place.fault(f"postward.yaml knows no such {reading.kind}", hint)
    return name
