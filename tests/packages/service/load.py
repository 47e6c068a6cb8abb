# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a root: strangers who send mail without a pause, and come again with what was put off.

Prints ``begun`` once a good many messages were accepted; ends when its input does, and then prints as JSON what the
senders were told.  Needs the standard library alone.
"""

from __future__ import annotations

import json
import smtplib
import sys
import threading
import time

SENDERS = 3
MESSAGES_IN_SESSION = 5
WARM_UP = 20
TIMEOUT_S = 60.0
PAUSE_S = 0.2
BREATH_S = 0.02
"""Between two messages: the host has other things to do as well."""
SOURCE = ("192.0.2.10", 0)


class Senders:
    """What all of them know."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.accepted: list[str] = []
        self.put_off: list[str] = []
        self.refused: list[str] = []
        self.is_stopping = threading.Event()
        self.is_warm = threading.Event()

    def send_on(self, number: int) -> None:
        """One sender: sends messages one after the other until told to stop, the last one until it is accepted."""
        count = 0
        while not self.is_stopping.is_set():
            count += 1
            self.deliver(f"{self.label}-{number}-{count}")

    def deliver(self, name: str) -> None:
        """Send one message, in as many sessions as it takes."""
        give_up_s = time.monotonic() + TIMEOUT_S
        while time.monotonic() < give_up_s:
            try:
                self.one_session(name)
            except smtplib.SMTPResponseException as answer:
                told = self.put_off if 400 <= answer.smtp_code < 500 or answer.smtp_code < 0 else self.refused
                told.append(str(answer))
            except (OSError, smtplib.SMTPException) as failure:
                self.put_off.append(repr(failure))
            else:
                return
            time.sleep(PAUSE_S)
        self.refused.append(f"{name} was not accepted in {TIMEOUT_S} s")

    def one_session(self, name: str) -> None:
        """Send a message and some more in the same session; raises what smtplib raises for the first."""
        with smtplib.SMTP(
            "127.0.0.1", 25, local_hostname="client.example.org", timeout=TIMEOUT_S, source_address=SOURCE
        ) as smtp:
            smtp.ehlo()
            self.one_message(smtp, name)
            for more in range(1, MESSAGES_IN_SESSION):
                try:
                    self.one_message(smtp, f"{name}.{more}")
                except (OSError, smtplib.SMTPException) as failure:
                    self.put_off.append(repr(failure))
                    return

    def one_message(self, smtp: smtplib.SMTP, name: str) -> None:
        """One message; what was told 250 is noted."""
        text = f"From: bob@example.org\r\nTo: alice@example.net\r\nSubject: {name}\r\nX-Test: {name}\r\n\r\nhello\r\n"
        steps = (
            lambda: smtp.mail("bob@example.org"),
            lambda: smtp.rcpt("alice@example.net"),
            lambda: smtp.data(text),
        )
        for step in steps:
            code, words = step()
            if code != 250:
                raise smtplib.SMTPResponseException(code, words)
        self.accepted.append(name)
        time.sleep(BREATH_S)
        if len(self.accepted) >= WARM_UP:
            self.is_warm.set()


def main() -> None:
    """Send until the input ends."""
    senders = Senders(sys.argv[1])
    threads = [threading.Thread(target=senders.send_on, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    senders.is_warm.wait(TIMEOUT_S)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    sys.stdin.read()
    senders.is_stopping.set()
    for thread in threads:
        thread.join()
    told = {"accepted": senders.accepted, "put_off": senders.put_off, "refused": senders.refused}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
