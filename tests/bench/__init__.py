# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench: what a message costs Postward, and what it costs those that it replaces."""
