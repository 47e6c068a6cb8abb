# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of senders from what they have sent: identities, estimates, words."""
