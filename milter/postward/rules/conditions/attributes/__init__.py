# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes that rules may ask for, by the part of the message that they are of."""
