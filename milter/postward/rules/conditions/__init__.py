# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules ask of a message, each a value that was compiled once."""
