# SPDX-License-Identifier: GPL-3.0-or-later
"""From the files of rules.d to rules: every fault of every file at once, with its place and a hint."""
