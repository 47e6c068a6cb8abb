# SPDX-License-Identifier: GPL-3.0-or-later
"""The Redis that Postward starts itself: a private redis-server on a Unix socket, and the process that keeps it."""
