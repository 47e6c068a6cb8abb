# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that attach Postward to an MTA, made for the host that they are printed on."""
