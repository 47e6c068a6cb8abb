# SPDX-License-Identifier: GPL-3.0-or-later
"""postward(8): the milter as a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.command_pages import FILES, option_entries
from handbook.roff import bold, called, entry, heading, italic, lines, page, page_references, paragraphs, title

if TYPE_CHECKING:
    from handbook.command import CommandText

_DESCRIPTION = """\
Postward is a milter, a filter beside Postfix or Sendmail. The MTA shows it every message while the client waits, and
does what Postward answers: takes the message, with header fields that say what was found, refuses it, holds it, or asks
the client to come again. Postward authenticates what comes in (SPF, DKIM, ARC, DMARC, reverse DNS), scores it, asks
transport rules, signs what your users send, and remembers what senders have sent.

It is run by systemd as `postward.service`, and by hand with `postward run`. `postward mta postfix` and
`postward mta sendmail` print the lines that attach it to this host's MTA, and `postward check` tries whether everything
works that it needs.

One process holds the socket and watches over the others: workers that judge messages, one that adds up metrics and
stores events, and, with `redis: managed`, the keeper of a private Redis. A worker that dies or hangs is replaced.
"""
_HANGUP = """\
Load the configuration, rules and keys anew, without losing a session: new workers begin to serve, and the old ones end
when their sessions do. A configuration with faults is refused, with file and line in the log, and the old one stays in
force. `systemctl reload postward` does this.
"""
_SIGNALS = (
    ("SIGHUP", _HANGUP),
    ("SIGTERM, SIGINT", "Take no more sessions, give those that are open `--stop-timeout-s` seconds, and end."),
)
_STATUS = (
    ("0", "It was told to stop."),
    ("2", "The configuration has faults, or it was called wrongly. Trying again would not help, so systemd does not."),
    ("75", "The workers did not come up, or another process listens there still; trying again may help."),
)
_SEE_ALSO = (("postward", 1), ("postward.yaml", 5), ("postward-check", 1), ("postward-mta", 1), ("postconf", 5))
_MORE_FILES = (
    ("/run/postward/milter.sock", "The socket, unless `listen` says otherwise."),
    ("/run/postward/milter.sock.status.json", "How the milter is doing; `postward status` reads it."),
)
_LOG = """\
The log goes to standard error, under systemd to the journal: `journalctl -u postward`. There is one line for every
message, `event=message.verdict`; `postward why` tells the same at length. Postward writes no log file, so there is
nothing to rotate.

Metrics for Prometheus are served at `http://127.0.0.1:9618/metrics` (`metrics.listen`).
"""


def daemon_page(program: CommandText) -> str:
    """Its text."""
    run = next(command for command in program.commands if command.words == ("postward", "run"))
    return page(
        title("postward", 8),
        heading("NAME"),
        "postward \\- mail filter (milter) for Postfix and Sendmail\n",
        heading("SYNOPSIS"),
        lines(called(run.called)),
        ".PP\n",
        lines(f"{bold('systemctl')} {bold('start')}|{bold('reload')}|{bold('stop')} {bold('postward')}"),
        heading("DESCRIPTION"),
        paragraphs(_DESCRIPTION),
        heading("OPTIONS"),
        option_entries(run.options),
        heading("SIGNALS"),
        *(entry(bold(name), meaning) for name, meaning in _SIGNALS),
        heading("LOG AND METRICS"),
        paragraphs(_LOG),
        heading("EXIT STATUS"),
        *(entry(bold(status), meaning) for status, meaning in _STATUS),
        heading("FILES"),
        *(entry(italic(path), meaning) for path, meaning in (*FILES, *_MORE_FILES)),
        heading("SEE ALSO"),
        page_references(*_SEE_ALSO),
    )
