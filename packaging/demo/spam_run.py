# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of spam from one sender, what it does to his reputation, and that another's stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samples import spam_body

from tests.mailhost.failure import MailHostError
from tests.mailhost.letters import Letter, compose
from tests.mailhost.smtp import Client

if TYPE_CHECKING:
    from tests.mailhost.host import MailHost

DOMAIN = "deals.example"
_HOST = Client(address="198.51.100.77", name="mail.deals.example", helo="mail.deals.example")
_USUAL, _RUN = 30, 40
_AHEAD_S = 3 * 86_400.0
"""The spam is dated in the future, so that it stands first in the mailbox."""
_TAUGHT_WITHIN_S = 30
_ASK_AGAIN_S = 0.2
_PROGRAM = str(Path(sys.executable).with_name("postward"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message of the run."""

    title: str
    event: dict[str, Any]
    """Postward's own log event about it."""

    @property
    def reputation(self) -> str:
        """What reputation has added to its score, and why, in words."""
        points, reason = self.event.get("reputation_points", 0.0), self.event.get("reputation_reason")
        return f"{points:+.2f} {reason}" if reason else "nothing that counts is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamRun:
    """All that is told of it."""

    steps: tuple[Step, ...]
    explanation: str
    """What ``postward reputation show`` prints of the sender."""


def zone() -> dict[str, list[Any]]:
    """The records of a sender who proves who he is, and sends spam all the same."""
    return {
        DOMAIN: [{"TXT": f"v=spf1 ip4:{_HOST.address} -all"}, {"MX": [10, _HOST.name]}],
        f"_dmarc.{DOMAIN}": [{"TXT": "v=DMARC1; p=none"}],
        _HOST.name: [{"A": _HOST.address}],
        ip_address(_HOST.address).reverse_pointer: [{"PTR": _HOST.name}],
    }


def run(host: MailHost) -> SpamRun:
    """Send the same ordinary letter before and after the run, from the spammer and from a shop."""
    shop = host.world.shop_host
    # What the demo has sent until now is mostly bad; a mail host mostly sees something else.
    for _ in range(_USUAL):
        host.send(_letter("orders@shop.example", shop), host.new_recipient())
    before = [
        _sent(host, f"An ordinary letter from {DOMAIN}, before", _letter(f"news@{DOMAIN}", _HOST)),
        _sent(host, "The same from the shop, before", _letter("orders@shop.example", shop)),
    ]
    _wait_until_taught(host, 1)
    spam = [_sent(host, f"Spam from {DOMAIN}, the first", _spam()) for _ in range(_RUN)]
    _wait_until_taught(host, 1 + _RUN)
    after = [
        _sent(host, f"Spam from {DOMAIN}, after {_RUN} of it", _spam()),
        _sent(host, f"An ordinary letter from {DOMAIN}, after", _letter(f"news@{DOMAIN}", _HOST)),
        _sent(host, "The same from the shop, after", _letter("orders@shop.example", shop)),
    ]
    return SpamRun(steps=(*before, spam[0], *after), explanation=_asked(host, "show", f"from:{DOMAIN}"))


def _letter(author: str, client: Client) -> Letter:
    content = compose(subject="Opening hours in June", author=author, body="Hello,\n\nwe are open until six.\n")
    return Letter(content=content, mail_from=author, client=client)


def _spam() -> Letter:
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"service@bank.example" <win@{DOMAIN}>'
    message["Reply-To"] = "examplebank.helpdesk@gmail.com"
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = "Re: URGENT!!! YOU HAVE WON $1,000,000!!!"
    message["Message-ID"] = make_msgid(domain=DOMAIN)
    message["Date"] = formatdate(time.time() + _AHEAD_S, localtime=False)
    message["X-Priority"] = "1"
    message.set_content(spam_body(), subtype="html")
    return Letter(content=message.as_bytes(), mail_from=f"win@{DOMAIN}", client=_HOST)


def _sent(host: MailHost, title: str, letter: Letter) -> Step:
    queue_id = host.send(letter, host.new_recipient()).rpartition(" ")[2]
    return Step(title=title, event=json.loads(host.postward.log_line(f'"{queue_id}"')))


def _wait_until_taught(host: MailHost, messages: int) -> None:
    """What messages teach is written a moment after their answer."""
    until_s = time.monotonic() + _TAUGHT_WITHIN_S
    while time.monotonic() < until_s:
        told = json.loads(_asked(host, "show", f"from:{DOMAIN}", "--json"))
        record = told["identities"][0]["record"]
        if record is not None and record["seen"] >= messages:
            return
        time.sleep(_ASK_AGAIN_S)
    raise MailHostError(f"reputation did not learn of {messages} messages")


def _asked(host: MailHost, *question: str) -> str:
    command = [_PROGRAM, "reputation", *question, "--config", str(host.postward.configuration)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode not in {0, 1}:
        raise MailHostError(f"postward reputation: {done.stderr}")
    return done.stdout
