# SPDX-License-Identifier: GPL-3.0-or-later
"""The callbacks as pymilter knows them: one set for the process, each passed on to its session."""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import milter
from postward.mta.boundary import guarded
from postward.mta.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from milter import Context
    from postward.mta.service import Service

_NAME = "postward"
_here = threading.local()
"""``session``: the one whose callback runs.  pymilter keeps a Python thread state for each session, and this
belongs to the thread state, so it is right whichever thread of libmilter serves the session."""


def register() -> None:
    """Tell libmilter who we are; before the socket is opened."""
    milter.register(_NAME, negotiate=None, data=None, unknown=None)


def serve_with(service: Service) -> None:
    """Set all callbacks; in a worker, before ``milter.main``."""

    def recorder(method: Callable[..., int | None], unanswered: int) -> Callable[..., int]:
        def callback(ctx: Context, *arguments: object) -> int:
            session = _session_of(ctx, service)
            code = guarded(session.failed, method, session, ctx, *arguments)
            return session.negotiated.reply(unanswered) if code is None else code

        return callback

    milter.set_connect_callback(recorder(Session.connect, milter.P_NR_CONN))
    milter.set_helo_callback(recorder(Session.helo, 0))
    milter.set_envfrom_callback(recorder(Session.mail, milter.P_NR_MAIL))
    milter.set_envrcpt_callback(recorder(Session.rcpt, milter.P_NR_RCPT))
    milter.set_header_callback(recorder(Session.header, milter.P_NR_HDR))
    milter.set_body_callback(recorder(Session.body, milter.P_NR_BODY))
    milter.set_eom_callback(partial(_end_of_message, service))
    milter.set_abort_callback(recorder(Session.abort, 0))
    milter.set_close_callback(_close)
    # What pymilter cannot decode it answers by itself; let it say "go on", and hear of it in the hook below.
    milter.set_exception_policy(milter.CONTINUE)
    sys.excepthook = _hear_of_exception
    milter.register(_NAME, negotiate=partial(_negotiate, service), data=None, unknown=None)


def _negotiate(service: Service, ctx: Context, options: list[int]) -> int:
    session = _open(ctx, service)
    code = guarded(session.failed, session.negotiate, ctx, options)
    return milter.ALL_OPTS if code is None else code


def _end_of_message(service: Service, ctx: Context) -> int:
    session = _session_of(ctx, service)
    code = guarded(session.failed, session.end, ctx)
    if code is None:
        code = guarded(session.failed, session.emergency, ctx)
    return milter.TEMPFAIL if code is None else code


def _open(ctx: Context, service: Service) -> Session:
    session = Session(service)
    ctx.setpriv(session)
    _here.session = session
    return session


def _session_of(ctx: Context, service: Service) -> Session:
    """Return the session; after QUIT_NC there is none, and even CONNECT is missing where pymilter cannot decode it."""
    session: Session = ctx.getpriv() or _open(ctx, service)
    return session


def _close(ctx: Context) -> int:
    session: Session | None = ctx.getpriv()
    if session is not None:
        guarded(session.failed, session.close)
    return milter.CONTINUE


def _hear_of_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Take what pymilter raised on its own, before any callback of ours was reached."""
    session: Session | None = getattr(_here, "session", None)
    if session is None:
        sys.__excepthook__(kind, error, trace)
    elif isinstance(error, UnicodeDecodeError):
        guarded(session.failed, session.undecodable, error.object)
    elif isinstance(error, Exception):
        session.failed(error)
