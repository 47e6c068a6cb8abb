# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to the name servers, all of them on one I/O thread: c-ares, and what c-ares cannot do."""
