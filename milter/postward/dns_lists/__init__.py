# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS block and allow lists (RFC 5782): what is asked, which answers count, and which lists can be believed."""
