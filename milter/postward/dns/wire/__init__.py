# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS messages octet by octet (RFC 1035), for the questions that c-ares cannot ask."""
