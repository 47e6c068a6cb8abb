# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules over stored mail: what they would have done, and what another set would do instead."""
