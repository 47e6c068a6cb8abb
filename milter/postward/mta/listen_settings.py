# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking the configuration where to listen, without reading it in this process."""

from __future__ import annotations

import os
import select
from dataclasses import asdict
from typing import TYPE_CHECKING

from postward.errors import ConfigErrors, PostwardError, UsageError
from postward.mta.fork import fork
from postward.mta.leader import BAD_CONFIGURATION, REFUSED
from postward.mta.link import Link, open_link
from postward.mta.privileges import drop_privileges
from postward.mta.refusal import faults_to_tell
from postward.mta.settings import ListenSettings

if TYPE_CHECKING:
    from postward.mta.engine import ListenLoader

_LISTEN = "listen"


class RefusedError(PostwardError):
    """The configuration is not good; ``errors`` says why, a line for each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def ask_listen_settings(load: ListenLoader, user: str | None) -> ListenSettings:
    """Run ``load`` in a short-lived child that is ``user``; raises RefusedError."""
    here, there = open_link()
    pid = fork(lambda: _tell(there, load, user), close=(here,))
    there.close()
    select.select([here], [], [])
    messages = here.receive()
    here.close()
    os.waitpid(pid, 0)
    match messages:
        case [{"kind": "listen", **settings}]:
            return ListenSettings(**settings)
        case [{"kind": "refused", "errors": list(errors)}]:
            raise RefusedError([str(error) for error in errors])
    raise RefusedError(["the configuration could not be read"])


def _tell(link: Link, load: ListenLoader, user: str | None) -> int:
    try:
        if user is not None:
            drop_privileges(user)
        settings = load()
    except ConfigErrors as error:
        link.send(REFUSED, errors=faults_to_tell(error.errors))
        return BAD_CONFIGURATION
    except UsageError as error:
        link.send(REFUSED, errors=faults_to_tell([error]))
        return BAD_CONFIGURATION
    link.send(_LISTEN, **asdict(settings))
    return 0
