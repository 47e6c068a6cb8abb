# SPDX-License-Identifier: GPL-3.0-or-later
"""From facts to symbols with weights."""
