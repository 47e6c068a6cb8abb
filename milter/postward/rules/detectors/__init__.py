# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers with a check digit, found in text."""
