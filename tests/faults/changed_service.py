# SPDX-License-Identifier: GPL-3.0-or-later
"""The shared host's service with other settings, or started in another way, and as it was at the end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mailhost.host import MailHost


@contextmanager
def reloaded(host: MailHost, **settings: Any) -> Iterator[None]:
    """Have these settings count."""
    try:
        host.postward.configure({**host.settings_of_host(), **settings})
        host.postward.reload()
        yield
    finally:
        host.postward.configure(host.settings_of_host())
        host.postward.reload()


@contextmanager
def restarted(host: MailHost, *launcher: str, **settings: Any) -> Iterator[None]:
    """Have the service started anew by way of ``launcher``, with these settings."""
    host.postward.stop()
    try:
        host.postward.launcher = launcher
        host.postward.configure({**host.settings_of_host(), **settings})
        host.postward.start()
        yield
    finally:
        host.postward.stop()
        host.postward.launcher = ()
        host.postward.configure(host.settings_of_host())
        host.postward.start()


@contextmanager
def impatient_postfix(host: MailHost, **seconds: int) -> Iterator[None]:
    """Have Postfix wait no longer than this for a milter: main.cf's own names, without ``milter_`` and ``_timeout``."""
    times = [f"milter_{name}_timeout = {value}s" for name, value in seconds.items()]
    try:
        host.postfix.configure("\n".join([host.postfix.extra, *times]))
        host.postfix.restart()
        yield
    finally:
        host.postfix.configure(host.postfix.extra)
        host.postfix.restart()
