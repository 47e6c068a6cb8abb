# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward moderation``: messages that wait for somebody's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from postward.app.courier_parts import make_moderation_desk
from postward.app.mark_secret import kept_mark_secret
from postward.app.moderation import End
from postward.app.spool_settings import moderation_store
from postward.cli.kept_commands import add_reading_commands
from postward.cli.kept_context import (
    config_option,
    for_each,
    readable,
    who,
)
from postward.cli.kept_text import moderation_table
from postward.errors import UsageError
from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postward.app.moderation import ModerationDesk, Outcome
    from postward.config import Configuration

_ENDS = {
    End.DELIVERED: "delivered",
    End.BOUNCED: "refused, and its sender has been told",
    End.DISCARDED: "deleted; its sender is not one of ours, and is told nothing",
    End.GIVEN_UP: "given up",
    End.WAITING: "decided; the running Postward goes on with it",
}


@click.group()
def moderation() -> None:
    """List, show, approve and reject messages that wait for a decision."""


add_reading_commands(moderation, moderation_store, moderation_table)


def _decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        config_option,
        click.option("--token", default="", help="The token of a notice, in place of an ID."),
        click.argument("ids", nargs=-1, metavar="[ID...]"),
    ):
        command = option(command)
    return command


@moderation.command()
@_decision_options
def approve(config: Configuration, ids: tuple[str, ...], token: str) -> None:
    """Let messages go on to their recipients; they are not judged again.

    Exit status: 0 done, 1 there is no such message, or it is decided already, 2 the token is not good, 75 somebody
    else is deciding about it.
    """
    _decide(config, "approve", ids, token, "")


@moderation.command()
@_decision_options
@click.option("--reason", default="", help="What the sender is told besides, where it is one of ours.")
def reject(config: Configuration, ids: tuple[str, ...], token: str, reason: str) -> None:
    """Refuse messages: a sender of ours is told, any other one is not, and the message is deleted.

    Exit status as of ``approve``.
    """
    _decide(config, "reject", ids, token, reason)


def _decide(config: Configuration, word: str, ids: tuple[str, ...], token: str, explanation: str) -> None:
    if bool(token) == bool(ids):
        raise UsageError(f"`postward moderation {word}` needs an ID or --token")
    readable(moderation_store(config), config)
    desk: ModerationDesk = make_moderation_desk(config, kept_mark_secret(config.state_dir))

    def by_id(message_id: str) -> str:
        return _told(desk.decide(message_id, word, by=who(), explanation=explanation))

    def by_token(_token: str) -> str:
        return _told(desk.decide_by_token(token, word, explanation=explanation))

    raise click.exceptions.Exit(for_each(ids, by_id) if ids else for_each(["token"], by_token))


def _told(outcome: Outcome) -> str:
    return _ENDS[outcome.end] + (f" ({escape(outcome.text)})" if outcome.text else "")
