# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from plugins.list_tagging import list_tagging
from postward.rules.api import RemoveHeader, SetHeader
from postward.rules.message.stored import message_from
from tests.plugins.context import Desk, mail


def act(content, **settings):
    message = message_from(content, mail_from="x@outside.example", recipients=["b@corp.example"])
    return Desk(list_tagging).call(message, **settings)


def tags(content, **settings):
    return {action.name for action in act(content, **settings)}


MAILMAN = {
    "From": "dev@lists.example.org", "List_Id": "Developers <dev.lists.example.org>", "Precedence": "list",
    "List_Post": "<mailto:dev@lists.example.org>", "List_Unsubscribe": "<mailto:dev-leave@lists.example.org>",
}  # fmt: skip
NEWSLETTER = {
    "From": "Shop <news@shop.example>", "List_Id": "xyz list <aabbcc.1234.list-id.mcsv.example>",
    "List_Unsubscribe": "<https://shop.example/u?x>", "List_Unsubscribe_Post": "List-Unsubscribe=One-Click",
}  # fmt: skip


def test_a_discussion_list_is_a_list_and_not_bulk():
    assert tags(mail(**MAILMAN)) == {"list"}


def test_a_newsletter_is_both():
    assert tags(mail(**NEWSLETTER)) == {"list", "bulk"}


def test_an_old_mailer_names_only_its_precedence():
    assert tags(mail(From="a@b.example", Precedence="bulk")) == {"bulk"}
    assert tags(mail(From="a@b.example", PRECEDENCE=" Junk ")) == {"bulk"}
    assert tags(mail(From="a@b.example", Precedence="list")) == {"list"}


def test_a_list_to_which_nobody_can_write_is_also_bulk():
    announcements = {**MAILMAN, "List_Post": "NO"}
    assert tags(mail(**announcements)) == {"list", "bulk"}


@pytest.mark.parametrize("fields", [
    {"Subject": "lunch?"},
    {"Subject": "Out of office", "Auto_Submitted": "auto-replied (vacation)", "Precedence": "bulk"},
    {"Subject": "Away", "X_Autoreply": "yes", "Precedence": "junk"},
    {"Subject": "Your order", "Feedback_ID": "1.eu-west-1.AAA:AmazonSES"},
    {"Subject": "hi", "Precedence": "first-class"},
    {"Subject": "list-unsubscribe: not here", "X_Note": "List-Id: none"},
])  # fmt: skip
def test_letters_and_answers_are_neither(fields):
    assert tags(mail(From="a@b.example", **fields)) == set()


def test_a_job_that_reports_every_night_is_bulk_where_it_says_so():
    assert tags(mail(From="cron@b.example", Auto_Submitted="auto-generated", Precedence="bulk")) == {"bulk"}


def test_the_list_is_named_where_asked():
    assert tags(mail(**MAILMAN), name_lists=True) == {"list", "list:dev.lists.example.org"}
    folded = b'List-Id: "a <b> list"\r\n <Dev.Lists.example.org>\r\n (our list)\r\n\r\n'
    assert tags(folded, name_lists=True) == {"list", "list:dev.lists.example.org"}


@pytest.mark.parametrize(
    "value", ["<>", "no brackets", "<a b>", "<" + "x" * 200 + ">", "<é.example>", "<a.example> more"]
)
def test_a_name_that_is_none_is_left_out(value):
    assert tags(mail(List_Id=value), name_lists=True) == {"list"}


def test_the_kind_stands_in_a_field_and_one_that_came_along_does_not_count():
    header = {"header": "X-Mail-Kind"}
    assert act(mail(**NEWSLETTER), **header)[-1] == SetHeader(name="X-Mail-Kind", value="list, bulk")
    assert act(mail(From="a@b.example", X_Mail_Kind="list"), **header) == [RemoveHeader(name="X-Mail-Kind")]
    assert act(mail(From="a@b.example"), **header) == []


def test_own_words_and_own_signs():
    settings = {"bulk_tag": "newsletter", "bulk_headers": ["X-Mailer-Campaign"]}
    assert tags(mail(From="a@b.example", X_Mailer_Campaign="7"), **settings) == {"newsletter"}
    assert tags(mail(From="a@b.example", List_Unsubscribe="<mailto:x@b.example>"), **settings) == set()
