# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that run what an operator has written, and are never waited for longer than was agreed."""
