# SPDX-License-Identifier: GPL-3.0-or-later
"""What acts later: notices, uploads, messages that are let go or expire."""
