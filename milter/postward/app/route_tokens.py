# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens of the configured routes, which Postward writes and Postfix looks for."""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.actions.route_field import route_tokens
from postward.app.mark_secret import kept_mark_secret, mark_secret
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.config import Configuration

_SECRET_BYTES = 32
NO_ROUTES: Mapping[str, str] = MappingProxyType({})


def load_route_tokens(config: Configuration, *, makes_secret: bool) -> Mapping[str, str]:
    """Give the token of each route by its name; never raises.

    ``makes_secret``: where this host has no secret yet it is made; otherwise the tokens serve this process alone.
    """
    if not config.routes:
        return NO_ROUTES
    if makes_secret:
        return route_tokens(mark_secret(config.state_dir)[0], config.routes)
    try:
        return kept_route_tokens(config)
    except UsageError:
        return route_tokens(secrets.token_bytes(_SECRET_BYTES), config.routes)


def kept_route_tokens(config: Configuration) -> Mapping[str, str]:
    """Give the tokens that the service uses; raises UsageError where its secret is not there or cannot be read."""
    return route_tokens(kept_mark_secret(config.state_dir), config.routes) if config.routes else NO_ROUTES
