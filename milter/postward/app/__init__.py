# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root: from the configuration to the objects that do the work."""
