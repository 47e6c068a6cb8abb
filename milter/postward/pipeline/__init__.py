# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one message, from what came in to what is to be done; the same for the milter and for a stored file."""
