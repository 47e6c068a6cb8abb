# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory in LDAP (RFC 4511), through ldap3; the only importer of it."""
