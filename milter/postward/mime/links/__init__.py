# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs of a message, from text and HTML."""
