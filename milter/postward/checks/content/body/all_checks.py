"""All of them, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.checks.content.content_check import ContentCheck

BODY_CHECKS: tuple[ContentCheck, ...] = ()
