# SPDX-License-Identifier: GPL-3.0-or-later
"""The m4 lines that attach Postward to Sendmail."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from postward.config import UnixSocket

if TYPE_CHECKING:
    from postward.config import Configuration

_CONTENT_MARGIN_S = 30
_MACROS = {
    "CONNECT": (
        "j, _, v, {daemon_name}, {if_name}, {if_addr}, {client_addr}, {client_name}, {client_ptr}, {client_port}"
    ),
    "HELO": "{tls_version}, {cipher}, {cipher_bits}",
    "ENVFROM": "i, {auth_type}, {auth_authen}, {mail_addr}, {mail_host}, {mail_mailer}",
    "ENVRCPT": "{rcpt_addr}, {rcpt_host}, {rcpt_mailer}",
    "EOM": "i",
}


def sendmail_lines(config: Configuration) -> tuple[str, ...]:
    """Lines for sendmail.mc.

    F=T answers 4xx while Postward is away, so nothing passes unfiltered.  E bounds the wait after the end of a
    message; C, S and R those of connecting, sending and receiving.
    """
    end_s = math.ceil(config.message.deadline_s) + _CONTENT_MARGIN_S
    socket = _socket(config)
    return (
        f"INPUT_MAIL_FILTER(`postward', `S={socket}, F=T, T=C:10s;S:30s;R:30s;E:{end_s}s')dnl",
        *(f"define(`confMILTER_MACROS_{stage}', `{macros}')dnl" for stage, macros in _MACROS.items()),
    )


def sendmail_text(config: Configuration) -> str:
    """The lines with what to do with them."""
    lines = "".join(f"{line}\n" for line in sendmail_lines(config))
    return (
        "dnl # /etc/mail/sendmail.mc, before the MAILER lines; then make sendmail.cf anew and restart Sendmail.\n"
        "dnl # Several filters are asked in the order of their lines: Postward first.\n"
        "dnl # Mail of our own users: on the submission port write M=Ea and Name=ORIGINATING in DAEMON_OPTIONS.\n"
        f"{lines}"
    )


def _socket(config: Configuration) -> str:
    listen = config.listen
    return f"local:{listen.path}" if isinstance(listen, UnixSocket) else str(listen)
