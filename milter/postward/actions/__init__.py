# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was found to what is done: one decision, one Plan."""
