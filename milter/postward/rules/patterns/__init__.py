# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that operators look for: words and patterns, in linear time whatever they and the message are."""
