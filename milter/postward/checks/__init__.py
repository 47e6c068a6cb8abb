# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks: what can be found out about a message.  They establish facts and never decide."""
