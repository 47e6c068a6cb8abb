# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from plugins.dlp import dlp
from postward.rules.api import Audit, Moderate, Notify, Quarantine, Reject, Tag
from postward.rules.message.stored import message_from
from postward.rules.plugins.definition import PluginError
from tests.plugins.context import Desk, mail

VISA, MASTERCARD, AMEX = "4012 8888 8888 1881", "5500-0000-0000-0004", "3782 822463 10005"
GERMAN, FRENCH = "DE89 3704 0044 0532 0130 00", "FR1420041010050500013M02606"
TWO = mail(From="ann@corp.example", body=f"{VISA} and {MASTERCARD}\r\n")
MARKED = [Tag(name="dlp"), Audit(severity="high")]
OUT = ("shop@outside.example",)


def desk_for(content, recipients=OUT, user="ann@corp.example"):
    message = message_from(
        content, mail_from="ann@corp.example", recipients=recipients, user=user, hosted=["corp.example"]
    )
    return Desk(dlp, hosted=["corp.example"]), message


def act(content, recipients=OUT, user="ann@corp.example", **settings):
    desk, message = desk_for(content, recipients, user)
    return desk.call(message, **settings)


def text(*lines, **fields):
    return mail(From="ann@corp.example", body="\r\n".join(lines) + "\r\n", **fields)


def with_file(content, name="list.csv", content_type="application/vnd.ms-excel"):
    parts = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nThe list.\r\n--b\r\nContent-Type: " + content_type.encode()
        + b'\r\nContent-Disposition: attachment; filename="' + name.encode()
        + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + base64.encodebytes(content) + b"--b--\r\n"
    )  # fmt: skip
    return b"From: ann@corp.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts


def test_two_cards_do_not_leave():
    assert act(text(f"Card {VISA}", f"and {MASTERCARD}.")) == [
        *MARKED,
        Reject(
            code=550,
            enhanced="5.7.1",
            text="This message holds numbers of payment cards or bank accounts, which may not leave by mail",
        ),
    ]


@pytest.mark.parametrize("content", [
    text(f"IBAN: {GERMAN} or {FRENCH}"),
    text(f"rest is {MASTERCARD}", Subject=f"my card {VISA}"),
    text("4012 8888", "8888 1881 and", AMEX),
    with_file(f"id,card,code\r\n7,{VISA},123\r\n8,{AMEX},1234\r\n".encode()),
    with_file(f"{VISA}\n{AMEX}\n".encode("utf-16"), "cards.txt", "text/plain; charset=utf-16"),
    text(f"<p>{VISA.replace(' ', '&nbsp;')}<br>or {MASTERCARD}</p>", Content_Type="text/html"),
])  # fmt: skip
def test_where_they_are_found(content):
    assert act(content, action="tag") == MARKED


@pytest.mark.parametrize("content", [
    text("Nothing to see here."),
    text(f"one card only {VISA}"),
    text(f"the same twice {VISA}", VISA.replace(" ", "")),
    text("order numbers 4012888888881882 and 5500000000000005"),
    text("telephone +49 30 1234 5678 9012, parcel 00340434161094042557, EAN 4006381333931"),
    text("IBAN DE89370400440532013001 and DE12 3456 7890 1234 5678 90"),
    text(f"{GERMAN}"),
    text(f"one of each: {VISA}, {GERMAN}"),
    text("a4012888888881881b 5500000000000004x"),
])  # fmt: skip
def test_near_misses(content):
    assert act(content) == []


def test_one_is_enough_where_asked_and_none_counts_where_it_is_off():
    assert act(text(VISA), payment_cards=1, action="tag") == MARKED
    assert act(TWO, payment_cards=0) == []


def test_our_own_account_below_each_invoice_may_leave():
    content = text("Please pay to", GERMAN, "or", FRENCH)
    assert act(content, action="tag") == MARKED
    assert act(content, allowed=["DE89370400440532013000"]) == []
    assert act(content, allowed=[GERMAN.lower(), FRENCH]) == []


@pytest.mark.parametrize(("recipients", "user"), [
    (["bob@corp.example"], "ann@corp.example"),
    (["bob@corp.example"], ""),
    ([], "ann@corp.example"),
])  # fmt: skip
def test_only_what_leaves_counts(recipients, user):
    assert act(TWO, recipients, user) == []


def test_recipients_who_are_ours_or_allowed_are_left_alone():
    recipients = ["bob@corp.example", "x@outside.example", "y@Bank.example"]
    settings = {"allowed_domains": ["bank.example"]}
    assert act(TWO, recipients, action="quarantine", **settings) == [
        *MARKED,
        Quarantine(reason="numbers: 2 payment_card", recipients=("x@outside.example",)),
    ]
    assert act(TWO, ["y@bank.example"], **settings) == []


def test_mail_that_this_host_makes_leaves_too():
    desk, message = desk_for(TWO)
    views = tuple(replace(view, direction="local") for view in message.recipients)
    assert desk.call(replace(message, origin="local", recipients=views), action="tag") == MARKED
    own = tuple(replace(view, address="bob@corp.example") for view in views)
    assert desk.call(replace(message, origin="local", recipients=own), action="tag") == []


def test_somebody_decides():
    settings = {"action": "moderate", "moderators": ["dlp@corp.example"], "notify": ["admin"]}
    assert act(TWO, **settings) == [
        *MARKED,
        Moderate(by=("dlp@corp.example",), recipients=OUT),
        Notify(to=("admin",)),
    ]


def test_no_number_is_told():
    desk, message = desk_for(text(VISA, "and", MASTERCARD, GERMAN, FRENCH))
    actions = desk.call(message, action="quarantine")
    assert desk.lines == ["found 2 payment_card, 2 iban"]
    assert not any(digits in repr((actions, desk.lines)) for digits in ("4012", "5500", "8937"))


def test_attachments_are_looked_at_within_bounds():
    content = with_file(b"x" * 1000 + f"\n{VISA}\n{AMEX}\n".encode())
    assert act(content, action="tag") == MARKED
    assert act(content, max_attachment_chars=1000) == []
    assert act(content, attachments=False) == []
    assert act(with_file(f"{VISA} {AMEX}".encode(), "card.png", "image/png")) == []


@pytest.mark.parametrize("wrong", [{"action": "moderate"}, {"action": "delete"}, {"payment_cards": "two"}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(PluginError):
        act(text("x"), **wrong)
