# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose mail this host handles: domains, their recipients, who may send as whom, and groups, from several sources."""
