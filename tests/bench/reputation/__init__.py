# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reputation store and its estimates are worth, and what they cost."""
