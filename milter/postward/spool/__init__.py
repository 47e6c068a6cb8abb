# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are kept on this host for a while."""
