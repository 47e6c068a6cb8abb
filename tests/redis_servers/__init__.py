# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Redis servers on loopback: alone, with Sentinels, as a cluster, with TLS."""
