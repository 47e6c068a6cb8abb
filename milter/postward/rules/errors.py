# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a rule could not be evaluated."""

from __future__ import annotations

from postward.errors import PostwardError


class RuleFailure(PostwardError):
    """The rule takes its ``on_error``; the text is for the operator."""


class PluginFailure(RuleFailure):
    """A plugin hung, crashed, or returned what it may not; ``kind`` is a word for logs and counters."""

    def __init__(self, text: str, *, kind: str = "error") -> None:
        super().__init__(text)
        self.kind = kind
