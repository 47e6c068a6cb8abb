# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that many ask, one file for each who runs some; off until the operator switches them on."""
