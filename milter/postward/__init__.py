# SPDX-License-Identifier: GPL-3.0-or-later
"""Postward: one milter that authenticates, scores, signs and keeps a reputation."""

from __future__ import annotations

__version__ = "0.1.0"
