# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers that hold a directory: private, unprivileged, on Unix sockets, gone at the end."""
