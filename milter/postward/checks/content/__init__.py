# SPDX-License-Identifier: GPL-3.0-or-later
"""What header and content of a message say by themselves: many small checks, each of one idea."""
