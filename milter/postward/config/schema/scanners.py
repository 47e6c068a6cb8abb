# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections ``clamav``, ``spamassassin`` and ``rspamd``: scanners of others that are asked (docs/scanners.md)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import PlainValidator

from postward.config.schema.endpoint import parse_socket
from postward.config.schema.section import Section, checked_text, fault, key
from postward.model.milter_socket import MilterSocket

_USER = re.compile(r"[A-Za-z0-9._@-]{1,100}", re.ASCII)
_MEGABYTE = 1024 * 1024


def _parse_clamav(value: object) -> MilterSocket | None:
    return None if value is None else parse_socket(value, "write unix:/run/clamav/clamd.ctl or inet:3310@127.0.0.1")


def _parse_spamd(value: object) -> MilterSocket | None:
    return None if value is None else parse_socket(value, "write inet:783@127.0.0.1 or unix:/run/spamd.sock")


def _parse_rspamd(value: object) -> MilterSocket | None:
    return None if value is None else parse_socket(value, "write inet:11333@127.0.0.1 or unix:/run/rspamd/normal.sock")


def _parse_user(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    if not _USER.fullmatch(text):
        raise fault("is no user name", "letters, digits and . _ @ - are allowed")
    return text


_ClamavSocket = Annotated[MilterSocket | None, PlainValidator(_parse_clamav)]
_SpamdSocket = Annotated[MilterSocket | None, PlainValidator(_parse_spamd)]
_RspamdSocket = Annotated[MilterSocket | None, PlainValidator(_parse_rspamd)]
_User = Annotated[str | None, PlainValidator(_parse_user)]
_OnFailure = Literal["skip", "tempfail"]

_TIMEOUT = "Seconds from the end of the message until its answer is waited for no longer."
_CONCURRENCY = "Messages that one worker shows to it at a time."


class ClamavSection(Section):
    """ClamAV: its daemon clamd looks for viruses, in mail of our own users too."""

    socket: _ClamavSocket = key(
        "Of clamd: unix:/run/clamav/clamd.ctl or inet:3310@127.0.0.1; null has nobody look for viruses.", default=None
    )
    on_virus: Literal["quarantine", "reject", "discard", "junk"] = key(
        "What becomes of a message with a virus, whatever a rule says of spam: quarantine has the MTA hold it, reject"
        " refuses it (550), discard drops it, junk marks it (mail of our own users, which bears no mark, is held).",
        default="quarantine",
    )
    outbound: bool = key("Scan mail of our own users too.", default=True)
    timeout_s: float = key(_TIMEOUT, default=30.0, least=0.1, most=600)
    max_bytes: int = key(
        "Larger messages are not scanned, and marked as not checked; clamd's StreamMaxLength should not be lower.",
        default=25 * _MEGABYTE,
        least=1024,
        most=2_000 * _MEGABYTE,
    )
    on_failure: _OnFailure = key(
        "When it does not answer: skip lets the message go on, marked as not checked; tempfail answers 451, and the"
        " message comes again.",
        default="skip",
    )
    concurrency: int = key(_CONCURRENCY, default=4, least=1, most=100)


class SpamassassinSection(Section):
    """SpamAssassin: its daemon spamd counts, and its score is a part of ours."""

    socket: _SpamdSocket = key(
        "Of spamd: unix:/run/spamd.sock or inet:783@127.0.0.1; null does not ask it.", default=None
    )
    user: _User = key("User whose preferences apply; null leaves that to spamd.", default=None)
    share: float = key("How much of its score counts here.", default=0.8, least=0, most=10)
    max_points: float = key("How much it counts at most, for or against a message.", default=6.0, least=0, most=1_000)
    timeout_s: float = key(_TIMEOUT, default=30.0, least=0.1, most=600)
    max_bytes: int = key("Larger messages are not shown to it.", default=500 * 1024, least=1024, most=100 * _MEGABYTE)
    on_failure: _OnFailure = key("When it does not answer; as for clamav.", default="skip")
    concurrency: int = key(
        "Messages that one worker shows to it at a time; all workers together should not need more than spamd's"
        " --max-children.",
        default=2,
        least=1,
        most=100,
    )


class RspamdSection(Section):
    """rspamd: its worker counts, and its score is a part of ours."""

    socket: _RspamdSocket = key(
        "Of rspamd's normal worker: inet:11333@127.0.0.1 or unix:/run/rspamd/normal.sock; null does not ask it.",
        default=None,
    )
    share: float = key("How much of its score counts here.", default=0.8, least=0, most=10)
    max_points: float = key("How much it counts at most, for or against a message.", default=6.0, least=0, most=1_000)
    timeout_s: float = key(_TIMEOUT, default=15.0, least=0.1, most=600)
    max_bytes: int = key(
        "Larger messages are not shown to it.", default=10 * _MEGABYTE, least=1024, most=100 * _MEGABYTE
    )
    on_failure: _OnFailure = key("When it does not answer; as for clamav.", default="skip")
    concurrency: int = key(_CONCURRENCY, default=4, least=1, most=100)
