# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``shedding``: what happens when there is more mail than the workers can judge."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from postward.config.schema.section import Section, fault, key


class SheddingSection(Section):
    """When a worker is near its bound, the least trusted clients are asked to come again (docs/load.md)."""

    enabled: bool = key(
        "Answer 451 to those whom a busy worker has no room for, least trusted first and users who have logged in"
        " last; false lets all wait, up to message.deadline_s.",
        default=True,
    )
    begin: float = key(
        "Share of message.max_concurrent that is under way in a worker from which clients with a bad reputation are"
        " sent away, and then those that are not known.",
        default=0.7,
        least=0.1,
        most=1.0,
    )
    full: float = key(
        "Share at which only clients known as good and correspondents of our users are still taken, and wait a moment;"
        " from a quarter more, correspondents alone.  Above 1 more messages wait for others to end.",
        default=1.0,
        least=0.2,
        most=4.0,
    )

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.full <= self.begin:
            raise fault("full is not above begin", "there must be room between them for some to be sent away first")
        return self
