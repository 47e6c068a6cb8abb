# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that are written in Python: found, checked, run out of reach of the mail, and called to account."""
