# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis: what it keeps, and whether it can be reached."""
