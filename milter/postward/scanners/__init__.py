# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of others that look at a message: ClamAV, SpamAssassin and rspamd, each asked by its own protocol."""
