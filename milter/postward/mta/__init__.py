# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge to the MTA: the milter server, and the only importer of pymilter."""

from __future__ import annotations
