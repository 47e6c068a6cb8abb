# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error of the private mail host."""

from __future__ import annotations


class MailHostError(Exception):
    """A part of the private mail host could not be started; the message says which, and what it said."""
