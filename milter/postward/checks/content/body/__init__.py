# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that look into the parts of a message."""
