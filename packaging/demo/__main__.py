"""The demo: a mail host of its own on loopback, eight messages over real SMTP, their verdicts and why.

With ``KEEP=1`` in the environment it stays up until Ctrl-C.  Needs root, as every Postfix does; leaves nothing behind.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "milter")]

from outgoing import send_as_another, send_own  # noqa: E402 - the path must be set first
from scenes import SCENES, play  # noqa: E402
from screen import Screen  # noqa: E402

from tests.mailhost.failure import MailHostError  # noqa: E402
from tests.mailhost.host import MailHost  # noqa: E402
from tests.mailhost.own_domain import OwnDomain  # noqa: E402

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
        with MailHost(settings={"log": {"format": "json"}}, own_domain=OwnDomain(), say=screen.step) as host:
            _show(host, screen)
    except MailHostError as error:
        screen.say(f"It did not start: {error}")
        return 1
    except KeyboardInterrupt:
        screen.say("Interrupted; everything is stopped and removed.")
        return 130
    screen.say("Everything is stopped and removed.")
    return 0


def _show(host: MailHost, screen: Screen) -> None:
    screen.step(f"{len(SCENES)} messages over SMTP, each from the host that XCLIENT names")
    outcomes = [play(scene, host) for scene in SCENES]
    screen.step("2 messages of a user of its own, who has logged in")
    sent = [send_own(host), send_as_another(host)]
    screen.say("")
    screen.show_outcomes(outcomes)
    screen.say("")
    screen.show_sent(sent, first_number=len(outcomes) + 1)
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
