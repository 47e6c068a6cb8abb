# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that every layer shares: the message, what is known of it, and what is to be done with it.

Standard library only.  Everything here is frozen, but for the Transaction, which only grows.
"""
