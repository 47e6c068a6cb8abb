# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward signs: DKIM signatures of our own mail, and ARC seals of mail that we pass on.

Stands above ``authn``, whose canonicalisation and digests it shares, so that a body is hashed once whoever asks.
"""
