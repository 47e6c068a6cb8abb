# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport rules: from a message to what its operator wants done."""
