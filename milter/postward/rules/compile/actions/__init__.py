# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that a rule may name, each read from what is written behind it."""
