# SPDX-License-Identifier: GPL-3.0-or-later
"""The check that runs all checks of header and content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.content_check import About
from postward.checks.content.letter import ContentBounds, letter_of
from postward.checks.runner import guarded
from postward.model.origin import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from postward.checks.content.content_check import ContentCheck
    from postward.checks.content.letter import Letter
    from postward.checks.examination import Examination
    from postward.dns.public_suffix import PublicSuffixes
    from postward.model.origin import Origin
    from postward.model.symbol import Finding
    from postward.model.transaction import Facts, Transaction

_DEFAULT_BOUNDS = ContentBounds()


class ContentCheckRunner:
    """Sets ``facts.findings["content"]``; one small check that fails costs none of the others."""

    name = "content"
    requires = ("spf", "dkim", "dmarc", "iprev")

    def __init__(
        self,
        header_checks: Sequence[ContentCheck],
        body_checks: Sequence[ContentCheck],
        suffixes: Callable[[], PublicSuffixes],
        bounds: ContentBounds = _DEFAULT_BOUNDS,
    ) -> None:
        """``suffixes`` gives the public suffixes, which are read with the first message that needs them."""
        self._header_checks = tuple(header_checks)
        self._body_checks = tuple(body_checks)
        self._suffixes = suffixes
        self._bounds = bounds

    def applies(self, origin: Origin) -> bool:
        """Judge mail from outside only."""
        return origin.direction is Direction.INBOUND

    def run(self, examination: Examination) -> None:
        """Run those of the header, and unless the body is too large those of the body."""
        transaction = examination.transaction
        letter = letter_of(examination, self._suffixes(), self._bounds)
        found = _found(self._header_checks, letter, transaction)
        if letter.is_looked_into:
            absent: set[About] = set()
            guarded(f"{self.name}.reading", transaction, lambda: absent.update(_absent(letter)))
            found += _found([check for check in self._body_checks if check.about not in absent], letter, transaction)
        else:
            transaction.facts.not_checked[self.name] = "the body is larger than what is looked into"
        transaction.facts.findings[self.name] = tuple(found)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word: whether anything was found."""
        found = facts.findings.get(self.name)
        return {} if found is None else {self.name: "fail" if found else "pass"}


def _absent(letter: Letter) -> Iterator[About]:
    if not letter.html:
        yield About.HTML
    if not letter.clicked:
        yield About.LINKS
    if not letter.files:
        yield About.FILES


def _found(checks: Sequence[ContentCheck], letter: Letter, transaction: Transaction) -> list[Finding]:
    """Guard them all at once, for each is quick; after one that failed the next goes on."""
    found: list[Finding] = []
    waiting = iter(checks)
    running = ""

    def run_those_waiting() -> None:
        nonlocal running
        for check in waiting:
            running = check.name
            found.extend(check.find(letter))

    while not guarded(lambda: f"content.{running}", transaction, run_those_waiting):
        pass
    return found
