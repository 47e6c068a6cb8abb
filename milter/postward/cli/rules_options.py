# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that the commands about rules share, and what they mean."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from postward.app.rule_message import RuleRequest
from postward.app.scanning import bare_path
from postward.cli.given_message import client_address
from postward.errors import UsageError
from postward.rules.errors import RuleFailure
from postward.rules.given_reputation import BOUNDS, read_given
from postward.rules.given_results import RESULT_NAMES, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.rules.message.reputation_view import ReputationView

_Command = TypeVar("_Command", bound="Callable[..., Any]")

CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
RULES = click.option(
    "--rules",
    "rules_path",
    type=click.Path(path_type=Path),
    help="File or folder of rules, in place of those of the configuration.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

_SESSION = (
    click.option("--ip", default="", help="Address of the client that delivers the message."),
    click.option("--helo", default="", help="Name that the client gives at HELO."),
    click.option("--auth-user", default="", help="User as whom the client has authenticated itself."),
    click.option(
        "--from", "--mail-from", "mail_from", help="Envelope sender, <> for a bounce; the author unless given."
    ),
    click.option(
        "--rcpt", multiple=True, help="Envelope recipient; may be repeated. Without it what asks for one finds nothing."
    ),
    click.option(
        "--auth",
        multiple=True,
        metavar="NAME=RESULT",
        help=f"What authentication has found, such as dmarc=fail; may be repeated ({', '.join(RESULT_NAMES)}).",
    ),
    click.option(
        "--reputation",
        multiple=True,
        metavar="KIND:NAME=NUMBER",
        help="What is known of whom it comes from, such as ip:bad_percent=40; may be repeated"
        f" ({', '.join(BOUNDS)}). Without it and --correspondent the store does not answer.",
    ),
    click.option("--correspondent", is_flag=True, help="The recipients have written to the author."),
    click.option("--score", type=float, default=0.0, help="Score before the rules."),
    click.option("--tag", multiple=True, help="Tag that the message has already; may be repeated."),
    click.option(
        "--at", default="", metavar="TIME", help="When it is: 2026-11-24T10:00, local time; now unless given."
    ),
)


def session_options(command: _Command) -> _Command:
    """Add the options that describe the session of a message; see ``rule_request``."""
    for option in reversed(_SESSION):
        command = option(command)
    return command


def rule_request(given: dict[str, Any]) -> RuleRequest:
    """Read the options of ``session_options``; raises UsageError."""
    return RuleRequest(
        address=client_address(given["ip"]),
        helo=given["helo"],
        user=given["auth_user"],
        mail_from=None if given["mail_from"] is None else bare_path(given["mail_from"]),
        recipients=tuple(bare_path(address) for address in given["rcpt"]),
        auth=_results(given["auth"]),
        reputation=_reputation(given["reputation"], is_correspondent=given["correspondent"]),
        score=given["score"],
        tags=frozenset(given["tag"]),
        now_s=read_time(given["at"]),
    )


def read_time(text: str) -> float:
    """Give the Unix time of an ISO 8601 time, local unless it names a zone; "" is now.  Raises UsageError."""
    if not text:
        return time.time()
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"--at: {text!r} is no time such as 2026-11-24T10:00") from error


def _reputation(texts: Iterable[str], *, is_correspondent: bool) -> ReputationView | None:
    try:
        return read_given(texts, is_correspondent=is_correspondent)
    except RuleFailure as error:
        raise UsageError(f"--reputation: {error}") from error


def _results(pairs: Iterable[str]) -> dict[str, str]:
    results = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in RESULT_NAMES:
            raise UsageError(f"--auth: {pair!r} is not NAME=RESULT with one of {', '.join(RESULT_NAMES)}")
        words = words_of(name)
        if words and value.strip().lower() not in words:
            raise UsageError(f"--auth: {pair!r}: {name} must be one of {', '.join(words)}")
        results[name] = value
    return results
