# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that need the header and the session alone."""
