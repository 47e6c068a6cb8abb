# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a message (RFC 2045 to 2049, 2183, 2231): read within bounds, never altered."""
