# SPDX-License-Identifier: GPL-3.0-or-later
"""The condition ``attachment``, and the action that takes attachments out by the same tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from postward.mime.true_type import TRUE_TYPES
from postward.rules.compile.numbers import comparisons
from postward.rules.compile.operators import value_tests
from postward.rules.compile.place import Faulty, did_you_mean
from postward.rules.conditions.attachment import AttachmentCondition, AttachmentTests
from postward.rules.conditions.attribute import Attribute, Kind
from postward.rules.conditions.value_test import OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition
    from postward.rules.conditions.value_tests import ValueTests

TEST_KEYS = (
    "extension", "any_extension", "name", "content_type", "true_type", "sha256", "size", "encrypted",
    "uninspectable", "archives",
)  # fmt: skip
MAX_DEPTH = 5
_SEEN_AS_OTHERS = frozenset({"scr"})
"""Names of what is told as another type (a screen saver is an ``exe``); lists of programs have them."""
_T = TypeVar("_T")
_D = TypeVar("_D")


def attachment_condition(place: Place, context: Context) -> Condition:
    """Read the tests; all of them hold of the same attachment."""
    entries = place.mapping(TEST_KEYS)
    if not set(entries) - {"archives"}:
        raise place.fault("asks nothing of the attachment", "write attachments.count for whether there is one")
    return AttachmentCondition(attachment_tests(entries, context))


def attachment_tests(entries: Mapping[str, Place], context: Context) -> AttachmentTests:
    """Read the entries of ``TEST_KEYS``."""
    reader = _Reader(entries, context)
    tests = AttachmentTests(
        name=reader.values("name"),
        extension=reader.values("extension"),
        any_extension=reader.values("any_extension"),
        content_type=reader.values("content_type"),
        true_type=reader.values("true_type"),
        sha256=reader.values("sha256"),
        size=reader.read("size", lambda at: comparisons(at, is_size=True), ()),
        encrypted=reader.read("encrypted", lambda at: at.truth(), None),
        uninspectable=reader.read("uninspectable", lambda at: at.truth(), None),
        depth=reader.read("archives", lambda at: at.whole_number(0, MAX_DEPTH), 0),
    )
    if reader.is_faulty:
        raise Faulty
    return tests


class _Reader:
    def __init__(self, entries: Mapping[str, Place], context: Context) -> None:
        self._entries = entries
        self._context = context
        self.is_faulty = False

    def values(self, name: str) -> ValueTests | None:
        """Read the operators of one key; an extension may be written with its dot."""
        if name not in self._entries:
            return None
        is_extension = name.endswith("extension")
        attribute = Attribute(
            name=name,
            kind=Kind.TEXT,
            read=lambda _message: (),
            needs=frozenset(),
            clean=_without_dot if is_extension else str.strip,
        )
        tests = self.read(name, lambda at: value_tests(attribute, at, self._context), None)
        if name == "true_type" and tests is not None:
            _warn_of_unknown_types(self._entries[name], tests)
        # Of a file with several names none may be of a kind that is not on the list.
        return replace(tests, one_suffices=is_extension) if tests is not None else None

    def read(self, name: str, read: Callable[[Place], _T], usual: _D) -> _T | _D:
        """Read one key, and note where it is faulty."""
        if name not in self._entries:
            return usual
        with self._context.faults.collected():
            return read(self._entries[name])
        self.is_faulty = True
        return usual


def _warn_of_unknown_types(place: Place, tests: ValueTests) -> None:
    """A file type that there is not would never be found, and nobody would know."""
    words = [test.values for test in (*tests.tests, *tests.refused) if isinstance(test, OneOf)]
    for word in sorted(frozenset().union(*words) - TRUE_TYPES - _SEEN_AS_OTHERS):
        place.warn(f"no file is ever found to be {word}", did_you_mean(word, sorted(TRUE_TYPES)))


def _without_dot(text: str) -> str:
    return text.strip().removeprefix("*").removeprefix(".")
