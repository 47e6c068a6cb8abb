# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices: one mail about one rule to one address, not too often, and never the occasion of an answer."""

from __future__ import annotations

import base64

import pytest

from postward.app.courier.notice_mail import NoticeWriter
from postward.app.courier.notice_words import NoticeTemplate
from postward.app.courier.notices import NoticeCourier
from postward.app.courier.pace import Pace
from postward.spool.errors import SpoolError
from postward.spool.message_store import MessageStore
from postward.spool.notice import NoticeKind
from postward.spool.outbox import Outbox
from tests.smtp_sink import SmtpSink
from tests.unit.app.courier.parts import CONTENT, OWN_MAIL, Log, Moment, desk, is_marked, parsed, release, tokens
from tests.unit.spool.kept import NOW_S, held, notice

ADMIN, BOSS = "admin@example.org", "boss@example.org"


class Office:
    """A courier of notices with all that it needs."""

    def __init__(self, folder, sink, *, base_url="", templates=None):
        self.folder, self.sink, self.clock, self.log = folder, sink, Moment(), Log()
        self.outbox = Outbox(folder / "outbox")
        self.held = MessageStore(folder / "moderation")
        self.templates, self.base_url = templates or {}, base_url
        self.courier = self.new_courier()

    def new_courier(self):
        """As after a reload."""
        writer = NoticeWriter(OWN_MAIL, self.templates, self.held, tokens(self.clock), self.base_url)
        pace = Pace(self.folder / "outbox" / "sent", 60.0)
        return NoticeCourier(
            self.outbox, writer, release(self.sink, self.clock), pace, self.log.log, max_age_s=3_600, clock=self.clock
        )

    def hold(self, content=CONTENT, **more):
        message = self.held.put(held(**more), content)
        self.outbox.put(
            notice(
                kind=NoticeKind.MODERATION, to=BOSS, message_id=message.id, expires_s=NOW_S + 3_600, on_expire="bounce",
                subject=message.subject, sender=message.sender,
            )
        )  # fmt: skip
        return message

    @property
    def mails(self):
        return [parsed(received.content) for received in self.sink.received]

    def text(self, number=0):
        return self.mails[number].get_content().replace("\r\n", "\n")


@pytest.fixture
def sink():
    with SmtpSink() as running:
        yield running


@pytest.fixture
def office(tmp_path, sink):
    made = Office(tmp_path, sink)
    yield made
    made.log.close()


def test_a_notice_says_what_it_is_about_and_asks_for_no_answer(office, sink):
    office.outbox.put(notice(queue_id="Q1", client="192.0.2.9"))
    office.courier.step()
    (received,), (mail,) = sink.received, office.mails
    assert (received.sender, received.recipients) == ("<>", (ADMIN,))
    assert is_marked(received.content, office.clock)
    assert (mail["From"], mail["To"]) == ("Postward <postmaster@mx.example.net>", ADMIN)
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Rule dlp has matched a message", "auto-generated")
    assert mail["Date"].datetime.timestamp() == NOW_S
    assert mail["Message-ID"].endswith("@mx.example.net>")
    assert "Precedence" not in mail
    for words in ("alice@example.org", "bob@example.com", "The minutes", "Q1", "192.0.2.9", "2027-01-15 08:00 UTC"):
        assert words in office.text()
    assert office.outbox.waiting().notices == ()


def test_what_cannot_be_noted_as_sent_is_not_sent_again_and_again(office, sink):
    office.outbox.put(notice())
    (office.folder / "outbox" / "sent").symlink_to(office.folder / "nowhere")
    for _ in range(3):
        with pytest.raises(SpoolError):
            office.courier.step()
    (office.folder / "outbox" / "sent").unlink()
    office.courier.step()
    office.courier.step()
    assert len(sink.received) == 1


def test_what_comes_within_the_interval_goes_into_the_next_mail(office):
    office.outbox.put(notice(subject="first"))
    office.courier.step()
    office.outbox.put(notice(subject="second"))
    office.outbox.put(notice(subject="third"))
    office.outbox.put(notice(subject="other", rule="other"))
    office.outbox.put(notice(subject="for another", to=BOSS))
    office.courier.step()
    assert len(office.mails) == 3
    office.clock.now_s += 61
    office.courier.step()
    assert office.mails[3]["Subject"] == "Rule dlp has matched a message (and 1 more)"
    assert "second" in office.text(3)
    assert "third" in office.text(3)


def test_a_reload_does_not_shorten_the_interval(office):
    office.outbox.put(notice())
    office.courier.step()
    office.outbox.put(notice())
    office.new_courier().step()
    assert len(office.mails) == 1


def test_a_flood_is_one_mail_that_says_how_many_there_are(office):
    for _ in range(50):
        office.outbox.put(notice())
    office.courier.step()
    assert len(office.mails) == 1
    assert "There are 30 more." in office.text()
    assert office.outbox.waiting().notices == ()


def test_a_template_of_the_operator(tmp_path, sink):
    template = NoticeTemplate(subject="DLP: {subject}", text="{sender} -> {recipients} {unknown}{reason}\n")
    office = Office(tmp_path, sink, templates={"dlp": template})
    office.outbox.put(notice(template="dlp", reason="{sender} {rule}"))
    office.courier.step()
    assert office.mails[0]["Subject"] == "DLP: The minutes"
    assert office.text() == "alice@example.org -> bob@example.com {unknown}{sender} {rule}\n"


def test_an_unknown_template_is_the_usual_one(office):
    office.outbox.put(notice(template="gone"))
    office.courier.step()
    assert office.mails[0]["Subject"] == "Rule dlp has matched a message"


def test_text_from_outside_changes_neither_header_nor_terminal(office, sink):
    hostile = "=?utf-8?q?x=0D=0ABcc:_a@b=1B[31m=E2=80=AEtxt?="
    office.outbox.put(
        notice(kind=NoticeKind.QUARANTINE, subject=hostile, sender="a\r\nBcc: x@y\udcff", message_id="a" * 16)
    )
    office.courier.step()
    (mail,) = office.mails
    assert "Bcc" not in mail
    assert "\\x1b[31m\\u202etxt" in mail["Subject"]
    assert "a\\r\\nBcc: x@y\\xff" in office.text()
    assert sink.received[0].content.isascii()


def test_what_looks_like_an_encoded_word_is_shown_and_not_read_again(office, sink):
    inner = "=?utf-8?q?x=0D=0ABcc=3A_a=40b?="
    office.outbox.put(
        notice(
            kind=NoticeKind.QUARANTINE,
            subject="=?utf-8?b?" + base64.b64encode(inner.encode()).decode() + "?=",
            to="=?utf-8?q?x=0D=0Ay?=@example.org",
        )
    )
    office.courier.step()
    (mail,) = office.mails
    assert mail["Subject"] == f"A message is in quarantine: {inner}"
    assert "Bcc" not in mail
    assert b"\r\nTo: =?utf-8?q?x=0D=0Ay?=@example.org\r\n" in sink.received[0].content


def test_a_subject_in_another_alphabet_is_an_encoded_word(office, sink):
    office.outbox.put(notice(kind=NoticeKind.QUARANTINE, subject="=?utf-8?b?0J/RgNC40LLQtdGC?="))
    office.courier.step()
    assert office.mails[0]["Subject"] == "A message is in quarantine: \u041f\u0440\u0438\u0432\u0435\u0442"
    assert sink.received[0].content.isascii()


def test_an_addressee_that_is_not_ascii(office, sink):
    office.outbox.put(notice(to="j\u00fcrgen@example.org"))
    office.courier.step()
    (received,) = sink.received
    assert received.recipients == ("j\u00fcrgen@example.org",)
    assert received.sender.endswith("SMTPUTF8")
    assert "To: j\u00fcrgen@example.org" in received.content.decode()


def test_moderators_see_the_first_lines_and_how_to_decide(office):
    body = b"".join(b"line %d\r\n" % number for number in range(100))
    message = office.hold(CONTENT.partition(b"\r\n\r\n")[0] + b"\r\n\r\n\x1b[2J" + body)
    office.courier.step()
    text = office.text()
    assert office.mails[0]["Subject"] == "Please decide about a message: The minutes"
    assert "> \\x1b[2Jline 0\n> line 1\n" in text
    assert "> line 9" in text
    assert "line 10" not in text
    assert f"postward moderation approve {message.id}" in text
    assert f"postward moderation reject {message.id}" in text
    assert "If nobody decides until 2027-01-15 09:00 UTC, it goes back to its sender" in text


def test_a_link_holds_a_token_that_decides(tmp_path, sink):
    office = Office(tmp_path, sink, base_url="https://mx.example.net/moderation")
    message = office.hold()
    office.courier.step()
    links = [line.strip() for line in office.text().splitlines() if "token=" in line]
    approve = links[0].removeprefix("https://mx.example.net/moderation?token=")
    assert len(links) == 2
    desk(office.held, sink, office.clock).decide_by_token(approve, "approve")
    assert sink.received[1].recipients == message.recipients
    assert "postward moderation" not in office.text()


def test_nobody_is_asked_about_what_is_decided(office, sink):
    message = office.hold()
    office.held.delete(message)
    office.courier.step()
    assert (sink.received, office.outbox.waiting().notices) == ([], ())


def test_a_failure_is_tried_again_later_and_less_and_less_often(office, sink):
    sink.answers["."] = "451 later"
    office.outbox.put(notice())
    office.courier.step()
    office.courier.step()
    assert office.log.text.count("event=notice.not_sent") == 1
    office.clock.now_s += 31
    office.courier.step()
    office.clock.now_s += 31
    office.courier.step()
    assert office.log.text.count("event=notice.not_sent") == 2
    del sink.answers["."]
    office.clock.now_s += 31
    office.courier.step()
    assert len(office.mails) == 1


@pytest.mark.parametrize(("answer", "later_s"), [("550 no such user", 0), ("451 later", 3_601)])
def test_given_up_it_is_told(office, sink, answer, later_s):
    sink.answers[ADMIN] = answer
    office.outbox.put(notice())
    office.clock.now_s += later_s
    office.courier.step()
    assert "event=notice.given_up" in office.log.text
    assert office.outbox.waiting().notices == ()


def test_one_that_is_refused_does_not_hold_up_the_others(office, sink):
    sink.answers[ADMIN] = "550 no such user"
    office.outbox.put(notice(time_s=NOW_S - 1))
    office.outbox.put(notice(to=BOSS))
    office.courier.step()
    assert [received.recipients for received in sink.received] == [(BOSS,)]


def test_a_clock_that_was_set_back_holds_nobody_up(office):
    office.outbox.put(notice())
    office.courier.step()
    office.clock.now_s -= 86_400
    office.outbox.put(notice())
    office.courier.step()
    assert len(office.mails) == 2


def test_a_damaged_notice_is_told(office):
    kept = office.outbox.put(notice())
    (office.outbox.folder / f"{kept.id}.notice").write_text("[")
    office.courier.step()
    assert "event=notice.damaged" in office.log.text


def test_tidying_forgets_what_is_long_over(office):
    office.outbox.put(notice())
    office.courier.step()
    (stamp,) = (office.outbox.folder / "sent").iterdir()
    office.courier.tidy()
    assert stamp.exists()
    office.clock.now_s += 3 * 86_400
    office.courier.tidy()
    assert not stamp.exists()
