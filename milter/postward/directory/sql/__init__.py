# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory in an SQL data base, through SQLAlchemy; the only importer of it."""
