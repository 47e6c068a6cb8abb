# SPDX-License-Identifier: GPL-3.0-or-later
"""What stays the same of an envelope sender from one message to the next."""

from __future__ import annotations

import re

_BATV = re.compile(r"prvs=[0-9a-z]{1,20}=", re.ASCII)
"""draft-levine-smtp-batv-01: ``prvs=KDDDSSSSSS=``."""
_SRS0 = re.compile(r"srs0([=+-])[^=@]{1,20}=[0-9a-z]{2}=", re.ASCII)
_SRS1 = re.compile(r"srs1([=+-])[^=@]{1,20}=", re.ASCII)
"""Sender Rewriting Scheme: a hash, and in the first form a day."""
_WORD = re.compile(r"[0-9a-z]++", re.ASCII)


def lasting_sender(address: str) -> str:
    """Give an address in lower case, without what changes with each message: tags of BATV and SRS, words with digits.

    Return paths that number the message or the recipient (VERP) so become one.  Addresses of different people may do so
    too: that is good enough where the network of the client stands beside them.
    """
    local_part, at, domain = address.lower().rpartition("@")
    for tag in (_BATV, _SRS0, _SRS1):
        if found := tag.match(local_part):
            local_part = local_part[found.end() :]
    return f"{_WORD.sub(_without_digits, local_part)}{at}{domain}"


def _without_digits(word: re.Match[str]) -> str:
    return "#" if any(char.isdigit() for char in word[0]) else word[0]
