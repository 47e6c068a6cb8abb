# SPDX-License-Identifier: GPL-3.0-or-later
"""What a message has of the attributes that rules are looked up by."""
