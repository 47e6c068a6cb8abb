# SPDX-License-Identifier: GPL-3.0-or-later
"""Scanners of others through a real Postfix: daemons that find, hang and are gone, and what becomes of the mail."""

from __future__ import annotations

import base64
import json
import smtplib
import time
from dataclasses import dataclass, replace

import pytest
import yaml

from tests.e2e.delivered import Delivered
from tests.mailhost.clamd import EICAR, EICAR_NAME, Clamd
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain
from tests.mailhost.rspamd import Rspamd
from tests.mailhost.scratch import Scratch
from tests.mailhost.spamd import Spamd

OWN = f"{LOGIN}@{DOMAIN}"
TIMEOUT_S = 2.0
RULES = [
    {"id": "bypass", "direction": "inbound", "when": {"subject": {"words": ["bypass"]}}, "do": ["bypass_spam"]},
    {"id": "points", "direction": "inbound", "when": {"subject": {"words": ["points"]}}, "do": [{"score": 20}]},
]
PASSED_OVER = "Unchecked (is passed over, for it did not answer in time)"
INFECTED = f"""\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

The invoice is attached.
--b
Content-Type: application/octet-stream; name="invoice.com"
Content-Transfer-Encoding: base64

{base64.b64encode(EICAR).decode()}
--b--
"""


@dataclass(slots=True)
class Scanned:
    """A host with scanners."""

    host: MailHost
    clamd: Clamd

    def letter(self, subject, body="Hello,\n\nall is well.\n"):
        """A stranger writes."""
        content = compose(subject=subject, author="a@bulk.example", body=body)
        return Letter(content=content, mail_from="a@bulk.example", client=self.host.world.stranger)

    def infected(self, subject, author="a@bulk.example"):
        """The same with a virus in an attachment."""
        fields, _, body = INFECTED.partition("\n\n")
        head = compose(subject=subject, author=author, body="").partition(b"MIME-Version")[0]
        content = head + f"{fields}\n\n{body}".replace("\n", "\r\n").encode()
        return Letter(content=content, mail_from=author, client=self.host.world.stranger)

    def deliver(self, letter):
        return Delivered(self.host.deliver(letter))

    def is_held(self, letter):
        """Whether the MTA holds it for good."""
        recipient = self.host.new_recipient()
        queue_id = self.host.send(letter, recipient).rpartition(" ")[2]
        return bool(list((self.host.postfix.spool / "hold").rglob(queue_id)))

    def refusal(self, letter):
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            self.host.send(letter, self.host.new_recipient())
        return refused.value.smtp_code, str(refused.value.smtp_error)

    def configure(self, **clamav):
        """Have other settings of ClamAV in force."""
        settings = self.host.settings_of_host()
        self.host.postward.configure({**settings, "clamav": {**settings["clamav"], **clamav}})
        self.host.postward.reload()


@pytest.fixture(scope="module")
def scanned():
    with Scratch() as folder, Clamd(folder / "clamd") as clamd:
        rules = folder / "rules.d"
        rules.mkdir(mode=0o755)
        (rules / "10.yaml").write_text(yaml.safe_dump({"rules": RULES}))
        settings = {
            "workers": 1,
            "clamav": {"socket": clamd.socket, "timeout_s": TIMEOUT_S},
            "rules": {"folder": str(rules)},
            "log": {"format": "json"},
        }
        with MailHost(settings=settings, own_domain=OwnDomain()) as host:
            yield Scanned(host=host, clamd=clamd)


@pytest.fixture
def restored(scanned):
    """The host, whose clamd and settings are as before afterwards."""
    yield scanned
    scanned.clamd.stop()
    scanned.clamd.start()
    # A generation of its own forgets that clamd did not answer.
    scanned.configure()


def test_mail_without_a_virus_says_so(scanned):
    delivered = scanned.deliver(scanned.letter("clean"))
    assert delivered.field("X-Virus-Status") == "Clean"
    assert not delivered.is_junk


def test_a_virus_is_held(scanned):
    letter = scanned.infected("invoice")
    assert scanned.is_held(letter)
    event = json.loads(scanned.host.postward.log_line('"verdict":"quarantine"'))
    assert event["scans"] == ["clamav:virus"]
    assert event["viruses"] == [EICAR_NAME]


def test_a_virus_is_held_also_where_a_rule_bypasses_spam(scanned):
    assert not scanned.deliver(scanned.letter("bypass points")).is_junk
    assert scanned.is_held(scanned.infected("bypass points"))


def test_a_virus_of_our_own_users_is_held(scanned):
    letter = scanned.infected("invoice", author=OWN)
    own = replace(letter, client=replace(scanned.host.world.stranger, login=LOGIN))
    assert scanned.is_held(own)
    assert not scanned.is_held(replace(own, content=compose(subject="invoice", author=OWN)))


def test_what_becomes_of_a_virus_is_for_the_operator_to_say(restored):
    letter, mailbox = restored.infected("bypass invoice"), restored.host.postfix.mailbox
    restored.configure(on_virus="reject")
    assert restored.refusal(letter) == (550, "5.7.1 Message refused: it holds a virus")
    restored.configure(on_virus="discard")
    recipient = restored.host.new_recipient()
    restored.host.send(letter, recipient)
    # What comes later is delivered later.
    assert restored.deliver(restored.letter("later")).field("X-Virus-Status") == "Clean"
    assert mailbox.messages(recipient) == []
    restored.configure(on_virus="junk")
    delivered = restored.deliver(letter)
    assert delivered.is_junk
    assert delivered.field("X-Virus-Status") == f"Infected ({EICAR_NAME})"


def test_a_scanner_that_hangs_costs_its_time_out_once_and_the_header_says_what_was_not_checked(restored):
    restored.clamd.hang()
    started_s = time.monotonic()
    first = restored.deliver(restored.letter("first"))
    assert time.monotonic() - started_s >= TIMEOUT_S
    assert first.field("X-Virus-Status") == "Unchecked (did not answer in time)"
    restored.host.postward.log_line('"event":"scanner.passed_over"')
    letters = [restored.letter(f"later {number}") for number in range(5)]
    started_s = time.monotonic()
    later = [restored.deliver(letter) for letter in letters]
    assert time.monotonic() - started_s < 5 * TIMEOUT_S / 2
    assert {delivered.field("X-Virus-Status") for delivered in later} == {PASSED_OVER}
    verdict = json.loads(restored.host.postward.log_line('"scans":["clamav:failed"]'))
    assert any("clamav" in each for each in verdict["not_checked"])


def test_mail_waits_where_the_operator_wants_none_that_is_not_scanned(restored):
    restored.configure(on_failure="tempfail")
    restored.clamd.stop()
    assert restored.refusal(restored.letter("bypass")) == (
        451, "4.7.1 Message could not be scanned, please try again later",
    )  # fmt: skip
    restored.clamd.start()
    assert restored.deliver(restored.letter("again")).field("X-Virus-Status") == "Clean"


def test_mail_that_is_too_large_to_be_scanned_says_so(restored):
    restored.configure(max_bytes=2_048, on_failure="tempfail")
    delivered = restored.deliver(restored.letter("large", body="x\n" * 2_000))
    assert delivered.field("X-Virus-Status") == "Unchecked (the message is larger than 2048 bytes)"


def test_spam_scanners_count():
    with Scratch() as folder, Spamd(folder / "spamd") as spamd, Rspamd(folder / "rspamd") as rspamd:
        settings = {
            "workers": 1,
            "spamassassin": {"socket": spamd.socket},
            "rspamd": {"socket": rspamd.address},
        }
        with MailHost(settings=settings) as host:
            content = compose(subject="offer", author="Alice <alice@bank.example>", body="A marvellous test offer\n")
            letter = Letter(content=content, mail_from="alice@bank.example", client=host.world.bank_host)
            delivered = Delivered(host.deliver(letter))
    tests = delivered.field("X-Spam-Status").replace(" ", "")
    assert delivered.is_junk
    # Who the client is, and the envelope, the scanners can only know from us.
    for name in ("SA_POSTWARD_CLIENT", "SA_POSTWARD_SENDER", "SA_POSTWARD_SPAM"):
        assert f"{name}=0.0" in tests
    for name in ("RSPAMD_POSTWARD_CLIENT", "RSPAMD_POSTWARD_SENDER", "RSPAMD_POSTWARD_SPAM"):
        assert f"{name}=0.0" in tests
    assert "SPAMASSASSIN=6.0" in tests
    assert "RSPAMD=6.0" in tests
    assert delivered.fields("X-Virus-Status") == []
