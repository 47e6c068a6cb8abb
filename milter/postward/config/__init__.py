# SPDX-License-Identifier: GPL-3.0-or-later
"""postward.yaml: its schema, and how it is read."""

from __future__ import annotations

from postward.config.configuration import Configuration
from postward.config.loader import DEFAULT_PATH, load, load_mapping
from postward.model.milter_socket import InetSocket, UnixSocket

__all__ = ["DEFAULT_PATH", "Configuration", "InetSocket", "UnixSocket", "load", "load_mapping"]
