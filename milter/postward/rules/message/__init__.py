# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as rules see it: frozen, typed, and read no further than a rule asks."""
