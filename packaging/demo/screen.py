# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo prints: readable at 80 columns, with colour only on a terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from findings import findings, reasons, scanned
from rich.console import Console
from rich.table import Table
from rich.text import Text
from spam_run import DOMAIN

from postward.observability.escape import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outgoing import Sent
    from scenes import Outcome
    from spam_run import SpamRun

    from postward.app.symbol_listing import SymbolLine
    from tests.mailhost.host import MailHost

_STYLES = {
    "ham": "green",
    "suspect": "yellow",
    "junk": "yellow",
    "quarantine": "yellow",
    "defer": "red",
    "reject": "red",
}


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

    def show_outcomes(self, outcomes: Sequence[Outcome], symbols: Mapping[str, SymbolLine]) -> None:
        """Print the table of messages, verdicts and reasons; ``symbols`` say what counted in words."""
        table = Table(show_lines=True, expand=False)
        table.add_column("Message", width=24)
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Why")
        for number, outcome in enumerate(outcomes, 1):
            table.add_row(f"{number}. {outcome.scene.title}", _verdict(outcome.event), _why(outcome, symbols))
        self._console.print(table)
        self.say(
            "Junk is delivered with X-Spam-Flag: YES, for the mail store to sort by, and why in\n"
            "X-Postward-Reason; what has a virus is held in the MTA's queue.  Nothing is rejected\n"
            "unless the configuration says so."
        )

    def show_sent(self, sent: Sequence[Sent], *, first_number: int) -> None:
        """Print what became of the mail of the host's own users."""
        table = Table(show_lines=True, expand=False)
        table.add_column("Sent by a user of ours", width=24)
        table.add_column("Answer", no_wrap=True)
        table.add_column("Why")
        for number, one in enumerate(sent, first_number):
            style = "green" if one.is_good else "red"
            table.add_row(f"{number}. {one.title}", Text(one.answer, style=style), Text("\n".join(one.why)))
        self._console.print(table)

    def show_run(self, run: SpamRun) -> None:
        """Print what a run of spam does to its sender, and to nobody else."""
        table = Table(show_lines=True, expand=False)
        table.add_column("A run of spam", width=24)
        table.add_column("Score", no_wrap=True)
        table.add_column("What reputation says")
        for step in run.steps:
            table.add_row(step.title, _verdict(step.event), Text(escape(step.reputation)))
        self._console.print(table)
        self.say(f"Why:  postward reputation show from:{DOMAIN}")
        self.say("")
        self.say(run.explanation.rstrip())

    def show_delivered(self, number: int, outcome: Outcome) -> None:
        """Print one message as it stands in the mailbox."""
        self.say(f"Message {number} as it lies in the mailbox:")
        self.say("")
        for line in outcome.delivered.decode("utf-8", "replace").splitlines():
            self._console.print(Text(f"  {line}"), soft_wrap=True)

    def show_how_to_send(self, host: MailHost, environment: Path) -> None:
        """Print what the visitor of a running demo can do."""
        port, config = host.postfix.ports.mx, host.postward.configuration
        as_root = "sudo " if os.environ.get("SUDO_USER") else ""
        python, program = environment / "python", str(environment / "postward")
        if as_root:
            # With -B, root leaves no compiled files in a checkout that is another's.
            program = f"sudo {python} -B {program}"
        self.say(
            f"The mail host stays up on 127.0.0.1 port {port}.  All of example.net exists.\n"
            "Send to it from another terminal, as a stranger (or --as bank, shop or list):\n\n"
            f"{python} {Path(__file__).with_name('send.py')} --as stranger {port} <<END\n"
            "From: Example Bank <service@bank.example>\n"
            "To: you@example.net\n"
            "Subject: Is it really you?\n\n"
            "Hello!\n"
            "END\n\n"
            "Or with any other SMTP client: XCLIENT ADDR=... NAME=... makes it another host;\n"
            "mail from 127.0.0.1 itself is judged without an address.\n\n"
            f"Why:      {program} why --config {config} QUEUE-ID\n"
            f"Symbols:  {program} symbols --config {config}\n"
            f"State:    {program} status --config {config}\n"
            f"Mailbox:  {host.postfix.mailbox.path}/new\n"
            f"Logs:     {host.root}/postward/log\n"
            f"          {host.root}/postfix/mail.log\n\n"
            f"Ctrl-C (or: {as_root}kill {os.getpid()}) ends everything and cleans up."
        )


def _verdict(event: Mapping[str, Any]) -> Text:
    verdict = event["verdict"]
    return Text(verdict, style=_STYLES.get(verdict, "")) + Text(f"\n{event['score']:+g}", style="dim")


def _why(outcome: Outcome, symbols: Mapping[str, SymbolLine]) -> Text:
    event = outcome.event
    found = [*findings(event), *scanned(event), *reasons(event, symbols)]
    if outcome.claims_removed:
        found.append("its Authentication-Results of our name was removed")
    if event["action"] == "quarantine":
        found.append("held in the MTA's queue: nobody gets it unless somebody lets it go")
    return Text("\n".join(map(escape, found))) + Text(f"\n=> {escape(event['reason'])}", style="bold")
