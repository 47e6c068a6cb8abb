# SPDX-License-Identifier: GPL-3.0-or-later
"""all, any and none of other conditions, and the one that always holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from postward.rules.conditions.base import NO_CAPTURES, Finding
from postward.rules.conditions.key_choice import best
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.conditions.base import Condition, IndexKeys, Subject
    from postward.rules.needs import Need


class Always:
    """Holds of every message."""

    stage = Stage.CONNECT
    needs: frozenset[Need] = frozenset()
    is_per_recipient = False
    captures: frozenset[str] = frozenset()

    def test(self, subject: Subject) -> Finding:  # noqa: ARG002 - it need not look
        """Hold."""
        return Finding(matched=True, asked="always")

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Nothing is excluded."""
        return None

    def leaves(self) -> Iterator[Condition]:
        """None that asks anything."""
        return iter(())


ALWAYS = Always()


@dataclass(frozen=True)
class _Tree:
    """Conditions in the order in which they were written."""

    parts: tuple[Condition, ...]

    @cached_property
    def stage(self) -> Stage:
        """The latest of the parts'."""
        return max((part.stage for part in self.parts), default=Stage.CONNECT)

    @cached_property
    def needs(self) -> frozenset[Need]:
        """Those of all parts."""
        return frozenset().union(*(part.needs for part in self.parts))

    @cached_property
    def is_per_recipient(self) -> bool:
        """Whether any part is."""
        return any(part.is_per_recipient for part in self.parts)

    @cached_property
    def captures(self) -> frozenset[str]:
        """Of all parts."""
        return frozenset().union(*(part.captures for part in self.parts))

    def leaves(self) -> Iterator[Condition]:
        """Of all parts."""
        for part in self.parts:
            yield from part.leaves()

    def _test_until(self, subject: Subject, *, end: bool) -> list[Finding]:
        """Findings up to the first that is ``end``, which decides; where all are to be explained, of every part."""
        findings: list[Finding] = []
        for part in self.parts:
            finding = part.test(subject)
            findings.append(finding)
            if finding.matched is end and not subject.is_thorough:
                break
        return findings


class AllOf(_Tree):
    """Holds where every part does."""

    def test(self, subject: Subject) -> Finding:
        """Ask until a part does not hold."""
        findings = self._test_until(subject, end=False)
        matched = all(finding.matched for finding in findings)
        captures = {name: text for finding in findings for name, text in finding.captures.items()} if matched else {}
        return Finding(matched=matched, asked="all", captures=captures or NO_CAPTURES, children=tuple(findings))

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Those of the part that says most at the least cost, for every part must hold."""
        return best(part.keys() for part in self.parts)


class AnyOf(_Tree):
    """Holds where one part does."""

    def test(self, subject: Subject) -> Finding:
        """Ask until a part holds."""
        findings = self._test_until(subject, end=True)
        holding = next((finding for finding in findings if finding.matched), None)
        return Finding(
            matched=holding is not None,
            asked="any",
            captures=holding.captures if holding is not None else NO_CAPTURES,
            children=tuple(findings),
        )

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Those of all parts, if every one of them has some."""
        found = [part.keys() for part in self.parts]
        if any(keys is None for keys in found):
            return None
        return tuple(key for keys in found if keys is not None for key in keys)


class NoneOf(_Tree):
    """Holds where no part does."""

    def test(self, subject: Subject) -> Finding:
        """Ask until a part holds."""
        findings = self._test_until(subject, end=True)
        return Finding(matched=not any(finding.matched for finding in findings), asked="none", children=tuple(findings))

    @cached_property
    def captures(self) -> frozenset[str]:
        """None, for nothing has matched where it holds."""
        return frozenset()

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Nothing is excluded by what must not be there."""
        return None
