# SPDX-License-Identifier: GPL-3.0-or-later
"""strip_attachment: which attachments, by the tests that the condition ``attachment`` has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.rule_action import StripAttachment
from postward.rules.compile.actions.template import Action
from postward.rules.compile.attachment import TEST_KEYS, attachment_tests
from postward.rules.conditions.attachment import AttachmentTests, file_parts
from postward.rules.errors import RuleFailure
from postward.rules.needs import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.actions.template import Reading
    from postward.rules.conditions.base import Subject

_MAX_NOTICE_CHARS = 2_000


def strip_attachment(reading: Reading) -> Action:
    """A name alone for all attachments, or the tests of those that are meant, and ``notice: TEXT``."""
    usual = StripAttachment(paths=())
    place = reading.place
    entries = place.mapping((*TEST_KEYS, "notice")) if place is not None and place.is_mapping else {}
    if place is not None and not place.is_mapping:
        reading.only_name()
    notice = usual.notice
    if "notice" in entries:
        notice = entries["notice"].text()
        if len(notice) > _MAX_NOTICE_CHARS:
            raise entries["notice"].fault(f"is longer than {_MAX_NOTICE_CHARS} characters")
    tests = attachment_tests({key: at for key, at in entries.items() if key != "notice"}, reading.context)

    def build(subject: Subject, _captures: Mapping[str, str]) -> StripAttachment:
        return StripAttachment(paths=_paths(subject, tests), notice=notice)

    return Action(
        kind=reading.kind,
        build=build,
        needs=frozenset({Need.BODY, Need.ATTACHMENTS}),
        is_whole_message=True,
    )


def _paths(subject: Subject, tests: AttachmentTests) -> tuple[str, ...]:
    """Give the paths of the parts that are meant, or that hold what is meant."""
    parts = file_parts(subject.message)
    paths = tuple(part.path for part in parts if any(tests.holds(item) for item in tests.items(part)))
    if not paths:
        raise RuleFailure("no attachment is of the kind that was to be removed")
    return paths
