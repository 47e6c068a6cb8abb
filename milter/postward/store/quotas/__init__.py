# SPDX-License-Identifier: GPL-3.0-or-later
"""What senders have sent lately, and what they may send."""
