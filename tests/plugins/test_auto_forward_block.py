# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.auto_forward_block import auto_forward_block
from postward.errors import DirectoryUnavailable
from postward.model.profile import Profile
from postward.rules.api import Audit, Discard, Notify, Quarantine, Reject, Tag
from postward.rules.message.stored import message_from
from tests.plugins.context import Desk, NoDirectory, mail

ANN = Profile(
    address="ann@corp.example", groups=frozenset({"sales"}), other_addresses=frozenset({"Ann@private.example"})
)
MARKED = [Tag(name="auto-forward"), Audit(severity="high")]
REFUSED = [
    *MARKED,
    Reject(code=550, enhanced="5.7.1", text="Automatic forwarding to other hosts is not allowed here"),
]


def act(content, settings=None, *, origin=None, **envelope):
    message = message_from(
        content,
        **{
            "mail_from": "ann@corp.example",
            "recipients": ["ann@elsewhere.example"],
            "user": "ann@corp.example",
            "hosted": ["corp.example"],
            "profiles": [ANN],
            **envelope,
        },
    )
    if origin is not None:
        recipients = tuple(replace(view, direction=origin) for view in message.recipients)
        message = replace(message, origin=origin, recipients=recipients)
    return Desk(auto_forward_block).call(message, **settings or {})


FOREIGN = {"From": "Carl <carl@client.example>", "Subject": "Offer", "To": "ann@corp.example"}
OWN = {"From": "Ann <ann@corp.example>", "Subject": "FW: Offer", "To": "ann@elsewhere.example"}


def test_a_foreign_author_under_an_envelope_sender_of_ours():
    assert act(mail(**FOREIGN)) == REFUSED


def test_a_redirect_with_the_envelope_sender_of_the_author_by_a_user_who_has_logged_in():
    assert act(mail(**FOREIGN), mail_from="carl@client.example") == REFUSED


@pytest.mark.parametrize("mark", [
    ("X_MS_Exchange_Inbox_Rules_Loop", "ann@corp.example"),
    ("X_MS_Exchange_Organization_AutoForwarded", "true"),
    ("X_Forwarded_For", "ann@corp.example ann@elsewhere.example"),
    ("X_Forwarded_To", "ann@elsewhere.example"),
    ("X_Sieve_Redirected_From", "ann@corp.example"),
])  # fmt: skip
def test_fields_of_forwarding_systems(mark):
    assert act(mail(**OWN, **dict([mark]))) == REFUSED


@pytest.mark.parametrize("sender", ["SRS0=aB3x=QT=client.example=carl@corp.example", "srs1+x=y@corp.example"])
def test_a_rewritten_return_path_of_mail_that_comes_back_from_this_host(sender):
    kept = act(mail(**FOREIGN), {"action": "quarantine"}, mail_from=sender, user="", origin="local")
    assert kept == [
        *MARKED,
        Quarantine(reason="automatic forward: return path rewritten", recipients=("ann@elsewhere.example",)),
    ]


def test_resent_mail_is_a_forward_unless_it_is_allowed():
    resent = mail(Resent_From="ann@corp.example", Resent_To="ann@elsewhere.example", **FOREIGN)
    assert act(resent) == REFUSED
    assert act(resent, {"resent": False}) == []


@pytest.mark.parametrize("fields", [
    {"Auto_Submitted": "auto-replied", "X_MS_Exchange_Inbox_Rules_Loop": "ann@corp.example"},
    # As Exchange sends it: "generated", and with the mark of forwards.
    {
        "auto_submitted": "auto-generated", "X_Auto_Response_Suppress": "All",
        "X_MS_Exchange_Inbox_Rules_Loop": "ann@corp.example",
        "x_ms_exchange_generated_message_source": "Mailbox Rules Agent",
    },
    {"X_Autoreply": "yes", "X_Forwarded_For": "ann@corp.example x@y.example"},
])  # fmt: skip
def test_out_of_office_notes_pass(fields):
    assert act(mail(From="ann@corp.example", Subject="Out of office", **fields)) == []


def test_mail_with_the_null_sender_passes():
    assert act(mail(**FOREIGN), mail_from="") == []


def test_a_note_that_calls_itself_generated_is_no_answer_without_more():
    fields = {"Auto_Submitted": "auto-generated", "X_MS_Exchange_Inbox_Rules_Loop": "ann@corp.example"}
    assert act(mail(**OWN, **fields)) == REFUSED


@pytest.mark.parametrize("fields", [
    OWN,
    {**OWN, "X_Forwarded_For": "203.0.113.7"},
    {**OWN, "From": "Ann <ANN@private.example>"},
    {**OWN, "From": "carl@client.example, ann@corp.example"},
    {"Subject": "no author at all"},
])  # fmt: skip
def test_what_users_write_themselves_passes(fields):
    assert act(mail(**fields)) == []


@pytest.mark.parametrize("envelope", [
    {"recipients": ["bob@corp.example"]},
    {"recipients": []},
    {"user": "", "recipients": ["ann@corp.example"]},
])  # fmt: skip
def test_what_does_not_leave_passes(envelope):
    assert act(mail(X_Forwarded_To="x@y.example", **FOREIGN), **envelope) == []


def test_a_list_of_ours_sends_what_others_write():
    fields = {"List_Id": "Dev <dev.lists.corp.example>", "List_Post": "<mailto:dev@lists.corp.example>"}
    assert act(mail(**FOREIGN, **fields), mail_from="dev-bounces@corp.example") == []


def test_what_a_list_elsewhere_sent_is_forwarded_like_all_else():
    fields = {"List_Id": "Dev <dev.lists.example.org>", "List_Post": "<mailto:dev@lists.example.org>"}
    assert act(mail(**FOREIGN, **fields)) == REFUSED


@pytest.mark.parametrize("settings", [
    {"allowed_groups": ("Sales",)},
    {"allowed_senders": ("Ann@corp.example",)},
    {"allowed_domains": ("Elsewhere.example",)},
])  # fmt: skip
def test_exceptions(settings):
    assert act(mail(**FOREIGN), settings) == []


@pytest.mark.parametrize("settings", [{"allowed_groups": ("board",)}, {"allowed_domains": ("where.example",)}])
def test_exceptions_for_others(settings):
    assert act(mail(**FOREIGN), settings) == REFUSED


def test_only_the_copies_that_leave_are_discarded():
    settings = {"action": "discard", "notify": ("admin",)}
    recipients = ["ann@elsewhere.example", "bob@corp.example"]
    assert act(mail(**FOREIGN), settings, recipients=recipients) == [
        *MARKED,
        Discard(recipients=("ann@elsewhere.example",)),
        Notify(to=("admin",)),
    ]


def test_a_tag_alone_changes_nothing_else():
    assert act(mail(**FOREIGN), {"action": "tag"}) == MARKED


def test_domains_that_no_directory_knows_can_be_named():
    settings = {"own_domains": ("Corp.example",)}
    assert act(mail(**FOREIGN), settings, hosted=[], profiles=[]) == REFUSED
    assert act(mail(**FOREIGN), settings, hosted=[], profiles=[], recipients=["bob@corp.example"]) == []


def test_a_directory_out_of_reach_is_for_the_rule_to_answer():
    with pytest.raises(DirectoryUnavailable):
        act(mail(**FOREIGN), directory=NoDirectory())


def test_without_any_directory_a_user_writes_from_the_domain_of_the_envelope_sender():
    assert act(mail(**OWN), hosted=[], profiles=[]) == []
    assert act(mail(**FOREIGN), hosted=[], profiles=[]) == REFUSED
