# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules want kept is on disk before the MTA is answered, or the client tries again."""

from __future__ import annotations

import io
import math
import os

import pytest

from postward.model.action import NOTHING, AddHeader, Plan, Reply
from postward.model.origin import Direction
from postward.model.rule_action import Archive, Junk, Moderate, Notify, Quarantine
from postward.model.rule_outcome import Deposit, DepositKind, RuleOutcome, RuleResult
from postward.model.sender_rights import Permission, SenderRights
from postward.observability.logger import EventLog
from postward.pipeline.depositing import NOT_KEPT, Depositing, Depots
from postward.pipeline.notice_addressees import NoticeAddressees
from postward.spool.archive import MaildirArchive
from postward.spool.maildir import Maildir
from postward.spool.message_store import MessageStore
from postward.spool.outbox import Outbox
from postward.spool.usage import StoreBounds
from tests.unit.pipeline.passing import OWN, RAW, examination

BOB = "bob@example.com"


class Desk:
    """Depots in a folder, and what was logged."""

    def __init__(self, folder, *, outbox_bounds=None, archive=None):
        self.quarantine = MessageStore(folder / "quarantine")
        self.moderation = MessageStore(folder / "moderation")
        self.outbox = Outbox(folder / "outbox", outbox_bounds)
        self.archive = folder / "archive"
        self._log = os.pipe()
        depots = Depots(
            quarantine=self.quarantine,
            moderation=self.moderation,
            archives={"legal": archive or MaildirArchive(Maildir(self.archive))},
            outbox=self.outbox,
        )
        self._depositing = Depositing(depots, NoticeAddressees(["postmaster@example.org"]), EventLog(fd=self._log[1]))

    def keep(self, *deposits, plan=NOTHING, one=None):
        """Carry deposits out; returns the plan that comes of it."""
        outcome = RuleOutcome(digest="d1", result=RuleResult(deposits=deposits))
        return self._depositing.carry_out(plan, (one or inbound()).transaction, outcome)

    def logged(self):
        os.close(self._log[1])
        with io.open(self._log[0]) as lines:  # noqa: UP020 - a descriptor
            return lines.read()

    @property
    def notices(self):
        return self.outbox.waiting().notices

    @property
    def archived(self):
        new = self.archive / "new"
        return [path.read_bytes() for path in new.iterdir()] if new.exists() else []


def inbound(**more):
    return examination(**{"direction": Direction.INBOUND, "user": "", "sender": "stranger@example.com", **more})


def deposit(action, *recipients):
    kinds = {
        Quarantine: DepositKind.QUARANTINE, Moderate: DepositKind.MODERATE, Archive: DepositKind.ARCHIVE,
        Notify: DepositKind.NOTIFY, Junk: DepositKind.QUARANTINE,
    }  # fmt: skip
    return Deposit(kind=kinds[type(action)], rule="dlp", action=action, recipients=recipients or (BOB,))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_message_is_kept_as_it_would_have_been_delivered(desk):
    plan = Plan(additions=(AddHeader(name="X-Seen", value=b"yes"),), new_sender="b+a.1@example.org")
    assert desk.keep(deposit(Quarantine(reason="card numbers")), plan=plan) is plan
    (kept,) = desk.quarantine.listing().messages
    assert desk.quarantine.content(kept) == b"X-Seen: yes\r\n" + RAW
    assert (kept.sender, kept.return_path, kept.recipients) == ("stranger@example.com", "b+a.1@example.org", (BOB,))
    assert (kept.rule, kept.reason, kept.rules_digest) == ("dlp", "card numbers", "d1")
    assert (kept.client, kept.direction, kept.subject) == ("192.0.2.9", "inbound", "The minutes")
    assert desk.notices == ()


def test_nothing_to_keep_is_nothing_done(desk, tmp_path):
    assert desk.keep() is NOTHING
    assert list(tmp_path.iterdir()) == []


def test_only_the_recipients_of_the_deposit_are_kept_with_it(desk):
    desk.keep(deposit(Quarantine(), "carol@example.net"), one=inbound(recipients=(BOB, "carol@example.net")))
    assert desk.quarantine.listing().messages[0].recipients == ("carol@example.net",)


def test_whoever_is_to_be_told_of_a_quarantined_message_is(desk):
    desk.keep(deposit(Quarantine(notify=("admin", "recipient"))))
    (kept,) = desk.quarantine.listing().messages
    assert {(each.to, each.message_id) for each in desk.notices} == {
        ("postmaster@example.org", kept.id), (BOB, kept.id),
    }  # fmt: skip


def test_a_held_message_knows_who_decides_and_until_when(desk):
    desk.keep(deposit(Moderate(by=("boss@example.org",), expire_s=60.0, on_expire="deliver")))
    (kept,) = desk.moderation.listing().messages
    assert kept.moderation is not None
    assert (kept.moderation.moderators, kept.moderation.expires_s) == (("boss@example.org",), 60.0)
    assert (kept.moderation.on_expire, kept.moderation.decision) == ("deliver", "pending")
    (told,) = desk.notices
    assert (told.to, told.kind, told.message_id, told.expires_s) == ("boss@example.org", "moderation", kept.id, 60.0)


def test_no_message_is_held_longer_than_the_operator_wants(desk):
    desk.keep(deposit(Moderate(by=("boss@example.org",), expire_s=30 * 86_400.0)))
    (kept,) = desk.moderation.listing().messages
    assert kept.moderation is not None
    assert kept.moderation.expires_s == 14 * 86_400.0


@pytest.mark.parametrize(
    "more", [{"on_expire": "pending"}, {"on_expire": "x"}, {"expire_s": math.inf}, {"expire_s": -1}]
)
def test_a_message_is_not_held_for_ever_or_for_nothing(desk, more):
    assert desk.keep(deposit(Moderate(by=("boss@example.org",), **more))).reply == NOT_KEPT


def test_a_copy_goes_into_the_archive(desk):
    desk.keep(deposit(Archive(name="legal")))
    (copy,) = desk.archived
    assert copy.startswith(b"Return-Path: <stranger@example.com>\nX-Envelope-To: <bob@example.com>\n")
    assert copy.endswith(RAW.replace(b"\r\n", b"\n"))


def test_an_archive_that_is_not_there_keeps_nothing_and_loses_nothing(desk):
    assert desk.keep(deposit(Archive(name="gone"))).reply == NOT_KEPT
    assert "there is no archive gone" in desk.logged()


def test_a_deposit_that_fails_makes_the_client_try_again_and_takes_the_others_back(tmp_path):
    desk = Desk(tmp_path, outbox_bounds=StoreBounds(max_messages=1))
    deposits = (
        deposit(Archive(name="legal")),
        deposit(Quarantine(notify=("one@example.org",))),
        deposit(Moderate(by=("boss@example.org",))),
    )
    assert desk.keep(*deposits).reply == Reply(
        code=451, enhanced="4.3.0", text="Message could not be stored, please try again later"
    )
    assert desk.quarantine.listing().messages == desk.moderation.listing().messages == ()
    assert (desk.archived, desk.notices) == ([], ())
    logged = desk.logged()
    assert "event=deposit.failed" in logged
    assert "is full" in logged


def test_a_folder_that_cannot_be_written_makes_the_client_try_again(desk, tmp_path):
    (tmp_path / "quarantine").write_text("a file")
    assert desk.keep(deposit(Quarantine())).reply == NOT_KEPT


def test_an_action_that_keeps_nothing_is_not_taken_for_one(desk):
    assert desk.keep(deposit(Junk())).reply == NOT_KEPT


def test_of_a_refused_message_nothing_is_kept_and_notices_are_sent_all_the_same(desk):
    plan = Plan(reply=Reply(code=550, enhanced="5.7.1", text="No"))
    assert desk.keep(deposit(Quarantine()), deposit(Notify(to=("admin",), template="t")), plan=plan) is plan
    assert desk.quarantine.listing().messages == ()
    assert [(each.to, each.template, each.message_id) for each in desk.notices] == [("postmaster@example.org", "t", "")]


@pytest.mark.parametrize("to", ["sender", "stranger@example.com", "Stranger@Example.com"])
def test_a_stranger_is_told_nothing(desk, to):
    desk.keep(deposit(Notify(to=(to, "admin"))))
    assert [each.to for each in desk.notices] == ["postmaster@example.org"]
    assert "event=notice.refused" in desk.logged()


def outbound(permission=None, **more):
    one = examination(**more)
    if permission is not None:
        one.transaction.facts.sender_rights = SenderRights(envelope=permission, header_from=permission)
    return one


@pytest.mark.parametrize(
    ("permission", "user", "told"),
    [
        (None, OWN, True), (None, "", False), (Permission.NOT_JUDGED, OWN, True), (Permission.NOT_JUDGED, "", False),
        (Permission.ALLOWED, "", True), (Permission.DENIED, OWN, False), (Permission.UNAVAILABLE, OWN, False),
    ],
)  # fmt: skip
def test_our_own_sender_is_told_who_has_proved_to_be_it(desk, permission, user, told):
    desk.keep(deposit(Notify(to=("sender",))), one=outbound(permission, user=user))
    assert [each.to for each in desk.notices] == ([OWN] if told else [])


def test_the_null_path_is_told_nothing(desk):
    desk.keep(deposit(Notify(to=("sender",))), one=outbound(sender=""))
    assert desk.notices == ()


@pytest.mark.parametrize(
    "address", ["nobody", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b,c@d", "a@", "@b", "a@\udcff", "a" * 400 + "@b"]
)
def test_what_is_no_address_gets_no_notice(desk, address):
    desk.keep(deposit(Notify(to=(address,))))
    assert desk.notices == ()
    assert "that is no address" in desk.logged()


def test_an_addressee_is_told_once_and_there_are_only_so_many(desk):
    to = ("recipient", BOB, *(f"u{number}@example.org" for number in range(80)))
    desk.keep(deposit(Notify(to=to)))
    assert len(desk.notices) == len({each.to for each in desk.notices}) == 50


def test_a_message_that_was_given_up_is_not_kept_back_for_it_is_under_way(desk):
    one = inbound()
    one.transaction.is_given_up = True
    wanted = (Quarantine(), Moderate(by=("boss@example.org",)), Archive(name="legal"), Notify(to=("admin",)))
    desk.keep(*map(deposit, wanted), one=one)
    assert (desk.quarantine.listing().messages, desk.moderation.listing().messages) == ((), ())
    assert (len(desk.notices), len(desk.archived)) == (1, 1)
    assert desk.logged().count("event=deposit.too_late") == 2


def test_given_up_meanwhile_what_was_kept_is_taken_back(tmp_path):
    one = inbound()

    class Slow(MaildirArchive):
        def add(self, message, content):
            one.transaction.is_given_up = True
            return super().add(message, content)

    desk = Desk(tmp_path, archive=Slow(Maildir(tmp_path / "archive")))
    desk.keep(deposit(Quarantine(notify=("admin",))), deposit(Archive(name="legal")), one=one)
    assert (desk.quarantine.listing().messages, desk.notices, desk.archived) == ((), (), [])
