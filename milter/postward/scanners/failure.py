# SPDX-License-Identifier: GPL-3.0-or-later
"""How a question to a scanner may fail; the words are ours and can follow the scanner's name."""

from __future__ import annotations


class ScannerFailure(Exception):
    """It gave no answer of use."""

    def __init__(self, words: str, *, told: str = "") -> None:
        """``told`` is what the scanner or the system has said: text from outside, for the log alone."""
        super().__init__(words)
        self.told = told


class ScannerTimeout(ScannerFailure):
    """It did not answer in time."""

    def __init__(self) -> None:
        super().__init__("did not answer in time")


class ScannerGone(ScannerFailure):
    """It has ended the connection before it had answered; one that was kept may be stale."""

    def __init__(self, told: str = "") -> None:
        super().__init__("has ended the connection", told=told)


class ScannerDeclined(ScannerFailure):
    """It does not look at this message, and would not if it were asked again."""


def nonsense(told: bytes) -> ScannerFailure:
    """A failure for an answer that nobody understands."""
    return ScannerFailure("has given an answer that makes no sense", told=told[:200].decode("ascii", "replace"))
