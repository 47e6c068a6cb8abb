# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosted process's side of the channel: one request after the other, and questions to the host meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from postward.plugin_host.frames import Frame, FrameBounds, FrameChannel

if TYPE_CHECKING:
    import socket

Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Ask the host something; returns what it says.  Raises HostFailure where it has gone."""
Handler = Callable[[Frame, Ask], dict[str, Any]]

_FROM_HOST = FrameBounds(json_bytes=67_108_864, blobs=4096, blob_bytes=1 << 40)
"""The host is trusted; what it sends is bounded by what a message may be."""


def serve(endpoint: socket.socket, handle: Handler) -> None:
    """Answer until the host closes the channel, which raises HostFailure.

    The first request prepares the process; threads and processes that are there once it is done are no strays.
    """
    channel = FrameChannel(endpoint, _FROM_HOST)
    company: tuple[int, bool] | None = None
    while True:
        request = channel.receive()
        if "ping" in request.values:
            channel.send(Frame({"pong": request.values["ping"]}))
            continue
        call = request.values["call"]

        def ask(question: dict[str, Any], call: str = call) -> dict[str, Any]:
            channel.send(Frame({"call": call, "ask": question}))
            return channel.receive().values

        answer = handle(Frame(request.values["do"], request.blobs), ask)
        now = _company()
        company = company or now
        if now > company:
            channel.send(Frame({"call": call, "stray": True}))
        else:
            channel.send(Frame({"call": call, "answer": answer}))


def _company() -> tuple[int, bool]:
    """How many threads there are, and whether there is any child."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return _threads(), False
    return _threads(), True


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only how many there are
