# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.decision import DecisionSettings
from postward.actions.disposition import DmarcEnforcement, Enforcement
from postward.directory.entry import DomainEntry, DomainSettings
from postward.errors import DirectoryUnavailable
from postward.model.action import Plan, Reply
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.sender_rights import Permission, SenderRights
from postward.model.transaction import Transaction
from postward.pipeline.archiving import with_archives
from postward.pipeline.domain_wishes import domain_wishes

DEFAULT = DecisionSettings(junk_threshold=5.0, dmarc=DmarcEnforcement(on_reject=Enforcement.JUNK))
ENTRIES = {
    "strict.example": DomainSettings(junk_threshold=2.0, on_dmarc_reject="reject", archive_address="a@archive.example"),
    "mild.example": DomainSettings(junk_threshold=9.0, on_dmarc_reject="none", on_dmarc_quarantine="quarantine"),
    "weighing.example": DomainSettings(
        suspect_threshold=2.5, reject_threshold=9.0, weights={"SPF_FAIL": 0.5, "DKIM_NONE": 1.0}
    ),
    "silent.example": DomainSettings(),
}


class Directory:
    def __init__(self):
        self.asked = []

    def domain(self, name):
        self.asked.append(name)
        if name == "down.example":
            raise DirectoryUnavailable("down")
        settings = ENTRIES.get(name)
        return settings and DomainEntry(name=name, tenant="t", settings=settings)


def message(*recipients, direction=Direction.INBOUND, sender="x@outside.example"):
    one = Transaction("t1", started_s=0.0)
    one.sender = Sender(address=EnvelopeAddress(sender))
    one.recipients += [Recipient(address=EnvelopeAddress(each)) for each in recipients]
    one.origin = Origin(direction=direction, reason="", client=None, helo="")
    return one


def wishes_of(*arguments, **keywords):
    return domain_wishes(message(*arguments, **keywords), Directory(), DEFAULT)


def test_a_domain_overrides_what_it_says_and_nothing_else():
    wishes = wishes_of("a@strict.example", "b@strict.example")
    assert wishes.decision.junk_threshold == 2.0
    assert wishes.decision.dmarc.on_reject is Enforcement.REJECT
    assert wishes.decision.dmarc.on_quarantine is DEFAULT.dmarc.on_quarantine
    assert wishes.archive_addresses == ("a@archive.example",)


def test_of_several_domains_the_mildest_counts():
    wishes = wishes_of("a@strict.example", "a@MILD.example")
    assert wishes.decision.junk_threshold == 9.0
    assert wishes.decision.dmarc.on_reject is Enforcement.NONE
    assert wishes.decision.dmarc.on_quarantine is Enforcement.JUNK


@pytest.mark.parametrize("other", ["a@silent.example", "a@elsewhere.example", "a@down.example"])
def test_a_domain_that_says_nothing_wants_what_holds_for_all(other):
    wishes = wishes_of("a@strict.example", other)
    assert wishes.decision.junk_threshold == 5.0
    assert wishes.decision.dmarc.on_reject is Enforcement.JUNK


def test_mail_of_our_own_users_goes_to_the_archive_of_the_senders_domain():
    wishes = wishes_of("a@mild.example", direction=Direction.OUTBOUND, sender="x@strict.example")
    assert (wishes.decision, wishes.archive_addresses) == (DEFAULT, ("a@archive.example",))


ALLOWED, DENIED = Permission.ALLOWED, Permission.DENIED


@pytest.mark.parametrize(
    ("rights", "archives"),
    [
        ({"from_addresses": ("x@strict.example",)}, ("a@archive.example",)),
        ({"identity": "x@strict.example"}, ("a@archive.example",)),
        ({"identity": "192.0.2.0/24"}, ()),
        ({"from_addresses": ("x@strict.example",), "header_from": DENIED}, ()),
        ({"identity": "x@strict.example", "header_from": DENIED}, ("a@archive.example",)),
    ],
)
def test_a_null_envelope_sender_hides_nothing_from_the_archive(rights, archives):
    one = message("a@mild.example", direction=Direction.OUTBOUND, sender="")
    one.facts.sender_rights = SenderRights(**({"envelope": ALLOWED, "header_from": ALLOWED} | rights))
    assert domain_wishes(one, Directory(), DEFAULT).archive_addresses == archives


def test_the_archive_gets_one_copy_and_none_of_what_it_gets_already():
    assert wishes_of("a@strict.example", "A@archive.example").archive_addresses == ()


def test_what_comes_back_from_a_content_filter_was_archived_before():
    assert wishes_of("a@strict.example", direction=Direction.REINJECTED).archive_addresses == ()


def test_only_so_many_domains_are_asked_for():
    directory = Directory()
    domain_wishes(message(*(f"a@d{number}.example" for number in range(500))), directory, DEFAULT)
    assert len(directory.asked) == 100


def test_archives_become_recipients_unless_the_message_is_refused():
    wishes = wishes_of("a@strict.example")
    assert with_archives(Plan(), wishes).new_recipients == ("a@archive.example",)
    refused = Plan(reply=Reply(code=550, enhanced="5.7.1", text="no"))
    assert with_archives(refused, wishes) is refused


def test_a_domain_may_weigh_otherwise():
    wishes = wishes_of("a@weighing.example")
    assert wishes.weights == ({"SPF_FAIL": 0.5, "DKIM_NONE": 1.0},)
    assert (wishes.decision.suspect_threshold, wishes.decision.reject_threshold) == (2.5, 9.0)


def test_of_several_domains_each_weighs_and_none_refuses_what_another_takes():
    wishes = wishes_of("a@weighing.example", "b@silent.example", "c@weighing.example", "d@elsewhere.example")
    assert wishes.weights == ({"SPF_FAIL": 0.5, "DKIM_NONE": 1.0}, {})
    assert (wishes.decision.suspect_threshold, wishes.decision.reject_threshold) == (3.0, None)


def test_nobody_weighs_otherwise_what_our_own_users_send():
    assert wishes_of("a@elsewhere.example", direction=Direction.OUTBOUND, sender="x@weighing.example").weights == ()
