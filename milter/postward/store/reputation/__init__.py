# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of senders, in Redis: packed records, one key each, added to by one small script."""
