# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that is spam by what it says and how it is made, and one with a virus that is none."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import TYPE_CHECKING

from tests.mailhost.clamd import EICAR
from tests.mailhost.letters import Letter

if TYPE_CHECKING:
    from tests.mailhost.world import World

BLOCK_LIST = "blocked.example"
"""A DNS block list of the demo's own, on which the stranger's address is."""

_HTML = """\
<html><head><title>Example Bank</title></head><body>
<p>Dear customer, your account is locked!</p>
<p><a href="http://203.0.113.99:8080/login">https://www.bank.example/login</a></p>
<form action="http://203.0.113.99:8080/login"><input type="password" name="pin"></form>
<div style="display:none">minutes of the meeting, thank you for the flowers, see you on Sunday, the weather was fine,
the children send their love, we shall bring a cake, please find the minutes attached, greetings to all of you, we look
forward to hearing from you, the train leaves at nine, do not forget the umbrella, and thanks again for everything</div>
<script>document.forms[0].submit()</script>
</body></html>
"""


def phishing(world: World) -> Letter:
    """From a host on a block list, in the name of a bank, with a link and a form that lead elsewhere."""
    message = EmailMessage(policy=SMTP)
    message["From"] = '"service@bank.example" <support@bulk.example>'
    message["Reply-To"] = "examplebank.helpdesk@gmail.com"
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = "Re: URGENT!!! YOUR ACCOUNT IS LOCKED!!!"
    message["Message-ID"] = "<20260101@localhost>"
    message["Date"] = formatdate(localtime=False)
    message.set_content(_HTML, subtype="html")
    return Letter(content=message.as_bytes(), mail_from="info@bulk.example", client=world.stranger)


def spam_body() -> str:
    """The HTML of what is spam by what it says."""
    return _HTML


def infected(world: World) -> Letter:
    """A shop's bill with the string that every virus scanner finds, and that harms nobody, as an attachment."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Shop <orders@shop.example>"
    message["To"] = "you@example.net"
    message["Subject"] = "Your bill"
    message["Message-ID"] = "<bill-1@shop.example>"
    message["Date"] = formatdate(localtime=False)
    message.set_content("Please find your bill attached.\n")
    message.add_attachment(EICAR, maintype="application", subtype="octet-stream", filename="bill.com")
    return Letter(content=message.as_bytes(), mail_from="orders@shop.example", client=world.shop_host)


def block_list_zone(world: World) -> dict[str, list[dict[str, str]]]:
    """What the list answers: its test entry, by which it is probed, and the stranger."""
    reverse = ".".join(reversed(world.stranger.address.split(".")))
    return {f"{name}.{BLOCK_LIST}": [{"A": "127.0.0.2"}] for name in ("2.0.0.127", reverse)}


def block_list_settings() -> dict[str, object]:
    """Section ``dns_lists`` of the demo's configuration."""
    listed = {"symbol": "ON_DEMO_LIST", "score": 3.0, "meaning": "the client's address is on a block list of the demo"}
    return {"zones": {"demo": {"zone": BLOCK_LIST, "about": ["client"], "codes": {"127.0.0.2": listed}}}}
