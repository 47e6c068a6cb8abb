# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of postward.yaml: one file for each section."""
