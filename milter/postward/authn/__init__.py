# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication of senders: one package for each mechanism, none of which decides what happens to a message."""
