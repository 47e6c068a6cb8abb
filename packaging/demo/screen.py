"""What the demo prints: readable at 80 columns, with colour only on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenes import Outcome

    from tests.mailhost.host import MailHost

_STYLES = {"ham": "green", "junk": "yellow", "quarantine": "yellow", "defer": "red", "reject": "red"}
_METHODS = ("spf", "dkim", "arc", "dmarc", "iprev")


class Screen:
    """The terminal, or the pipe."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def say(self, words: str) -> None:
        """Print words as they are; commands and paths must not be broken."""
        self._console.print(words, markup=False, soft_wrap=True)

    def step(self, words: str) -> None:
        """Print what begins now."""
        self._console.print(Text(f"  {words} ...", style="dim"))

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Print the table of messages, verdicts and reasons."""
        table = Table(show_lines=True, expand=False)
        table.add_column("Message", ratio=5)
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Why", ratio=7)
        for outcome in outcomes:
            verdict = outcome.event["verdict"]
            score = Text(f"\n{outcome.event['score']:+g}", style="dim")
            why = Text(outcome.event["reason"]) + Text(f"\n{_found(outcome.event)}", style="dim")
            table.add_row(outcome.scene.title, Text(verdict, style=_STYLES.get(verdict, "")) + score, why)
        self._console.print(table)

    def show_delivered(self, outcome: Outcome) -> None:
        """Print one message as it stands in the mailbox."""
        self.say("One of them as delivered:")
        self.say("")
        for line in outcome.delivered.decode("utf-8", "replace").splitlines():
            self._console.print(Text(f"  {line}"), soft_wrap=True)

    def show_how_to_send(self, host: MailHost, program: Path) -> None:
        """Print what the visitor of a running demo can do."""
        port, client = host.postfix.ports.mx, host.world.stranger
        config = host.postward.configuration
        self.say(
            f"The mail host stays up on 127.0.0.1 port {port}; all of example.net exists.\n"
            "Mail from 127.0.0.1 is judged by no address: be another host by XCLIENT.\n\n"
            f"  swaks --server 127.0.0.1:{port} --helo {client.helo} \\\n"
            f"    --xclient 'ADDR={client.address} NAME={client.name}' \\\n"
            f"    --from info@bulk.example --to you@example.net \\\n"
            f"    --h-From 'Example Bank <service@bank.example>'\n\n"
            f"Delivered to   {host.postfix.mailbox.path}/new\n"
            f"Postward's log {host.root}/postward/log\n"
            f"Postfix's log  {host.root}/postfix/mail.log\n"
            f"Why            {program} why --config {config} QUEUE-ID\n"
            f"State          {program} status --config {config}\n\n"
            "Ctrl-C ends everything and cleans up."
        )


def _found(event: dict[str, Any]) -> str:
    words = []
    for method in _METHODS:
        result = event.get(method, "none")
        text = "+".join(each.partition(":")[0] for each in result) if isinstance(result, list) else result
        words.append(f"{method}={text}")
    return " ".join(words)
