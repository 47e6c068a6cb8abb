# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``postward keys`` does: make, publish, test and rotate the keys of a domain, and take over those of OpenDKIM."""
