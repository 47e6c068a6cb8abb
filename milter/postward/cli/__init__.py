# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: one program with subcommands, each in a file of its name."""
