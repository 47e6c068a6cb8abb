# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: a mail host of its own on loopback, ten messages over real SMTP, their verdicts and why.

With ``KEEP=1`` in the environment it stays up until Ctrl-C.  Needs root, as every Postfix does; leaves nothing behind.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "milter")]

from outgoing import send_as_another, send_own  # noqa: E402 - the path must be set first
from samples import block_list_settings, block_list_zone  # noqa: E402
from scanner import open_scanner  # noqa: E402
from scenes import SCENES, VIRUS, play  # noqa: E402
from screen import Screen  # noqa: E402
from spam_run import run as send_spam  # noqa: E402
from spam_run import zone as spammers_zone  # noqa: E402

from postward.app.symbol_listing import list_symbols  # noqa: E402
from postward.config import load  # noqa: E402
from tests.mailhost.failure import MailHostError  # noqa: E402
from tests.mailhost.host import MailHost  # noqa: E402
from tests.mailhost.own_domain import OwnDomain  # noqa: E402
from tests.mailhost.scratch import Scratch  # noqa: E402
from tests.mailhost.world import World  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenes import Scene

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SHOWN = 5
"""The message that is shown as delivered: the one with a field to be removed."""


def main() -> int:
    """Run the demo; returns the exit status."""
    screen = Screen()
    if os.geteuid():
        screen.say("The demo starts a private Postfix and needs root: sh packaging/bootstrap demo")
        return 1
    # SIGINT raises by itself; the others shall clean up as well.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    screen.say("Starting a mail host of its own, on loopback only:")
    try:
        _run(screen)
    except MailHostError as error:
        screen.say(f"It did not start: {error}")
        return 1
    except KeyboardInterrupt:
        screen.say("Interrupted; everything is stopped and removed.")
        return 130
    screen.say("Everything is stopped and removed.")
    return 0


def _run(screen: Screen) -> None:
    world = World()
    with Scratch() as folder, open_scanner(folder, screen) as scanner:
        settings = {
            "log": {"format": "json"},
            "dns_lists": block_list_settings(),
            "reputation": {"enabled": True},
            **({"clamav": {"socket": scanner.socket}} if scanner is not None else {}),
        }
        with MailHost(
            settings=settings,
            zone={**block_list_zone(world), **spammers_zone()},
            own_domain=OwnDomain(),
            say=screen.step,
            world=world,
        ) as host:
            _show(host, screen, (*SCENES, VIRUS) if scanner is not None else SCENES)


def _show(host: MailHost, screen: Screen, scenes: Sequence[Scene]) -> None:
    screen.step(f"{len(scenes)} messages over SMTP, each from the host that XCLIENT names")
    outcomes = [play(scene, host) for scene in scenes]
    screen.step("2 messages of a user of its own, who has logged in")
    sent = [send_own(host), send_as_another(host)]
    screen.step("a run of spam from one sender, with the same letter from him and from another before and after")
    spam_run = send_spam(host)
    screen.say("")
    listed = list_symbols(load(host.postward.configuration))
    screen.show_outcomes(outcomes, {line.name: line for line in listed})
    screen.say("")
    screen.show_sent(sent, first_number=len(outcomes) + 1)
    screen.say("")
    screen.show_run(spam_run)
    screen.say("")
    screen.show_delivered(SHOWN, outcomes[SHOWN - 1])
    screen.say("")
    if os.environ.get("KEEP", "") not in {"", "0"}:
        # From here on a signal waits until it is asked for, so none comes too early, and none interrupts the clean-up.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        screen.show_how_to_send(host, Path(sys.executable).parent)
        signal.sigwait(_ENDING)


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
