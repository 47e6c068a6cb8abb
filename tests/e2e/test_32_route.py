# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that rules send by other ways, through a real Postfix with the lines that ``postward mta postfix`` prints."""

from __future__ import annotations

import json
import smtplib
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import dkim
import pytest
import yaml

from tests.e2e.delivered import Delivered
from tests.mailhost.folder_watch import IN_MODIFY, FolderWatch
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.loopback import HOST
from tests.mailhost.own_domain import DOMAIN, LOGIN, OwnDomain
from tests.mailhost.scratch import Scratch
from tests.mailhost.smarthost import Smarthost

OWN = f"{LOGIN}@{DOMAIN}"
FIELD = b"x-postward-route"
PATIENCE_S = 30
RULES = {
    "rules": [
        {
            "id": "partner",
            "direction": "outbound",
            "whole_message": "any",
            "when": {"subject": {"words": ["partner"]}},
            "do": [{"route": "partner"}],
        },
        {
            "id": "archive",
            "direction": "outbound",
            "whole_message": "split",
            "when": {"recipient.domain": "archive.example"},
            "do": [{"route": "archive"}],
        },
        {
            "id": "kept",
            "direction": "outbound",
            "priority": 200,
            "when": {"subject": {"words": ["secret"]}},
            "do": ["quarantine"],
        },
    ]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """A host with two smarthosts, whose Postfix has been told of them."""

    host: MailHost
    partner: Smarthost
    archive: Smarthost

    def send(self, subject, *recipients, client=None, mail_from=OWN, fields=()):
        content = compose(*fields, subject=subject, author=f"Alice <{mail_from}>")
        user = replace(self.host.world.stranger, login=LOGIN)
        letter = Letter(content=content, mail_from=mail_from, client=client or user)
        return self.host.send(letter, *recipients).rpartition(" ")[2]

    def refusal(self, subject, *recipients):
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            self.send(subject, *recipients)
        return refused.value.smtp_code, str(refused.value.smtp_error)

    def log_of(self, queue_id, words):
        """Postfix's lines about a message, once one of them holds ``words``."""
        deadline = time.monotonic() + PATIENCE_S
        with FolderWatch(self.host.postfix.root, IN_MODIFY) as watch:
            while words not in (found := "\n".join(self._lines(queue_id))):
                assert watch.wait(deadline - time.monotonic()), found
        return found

    def _lines(self, queue_id):
        return [line for line in self.host.postfix.log.splitlines() if f" {queue_id}: " in line]


@pytest.fixture(scope="module")
def routing():
    with Scratch() as folder, Smarthost() as partner, Smarthost() as archive:
        (folder / "10.yaml").write_text(yaml.safe_dump(RULES))
        folder.chmod(0o755)
        settings = {
            "routes": {"partner": f"smtp:[{HOST}]:{partner.port}", "archive": f"smtp:[{HOST}]:{archive.port}"},
            "rules": {"folder": str(folder)},
        }
        with MailHost(settings=settings, own_domain=OwnDomain()) as host:
            tell_postfix(host)
            # What is let go goes in where mail comes in.
            host.settings = {**host.settings, "notify": {"smtp": f"{HOST}:{host.postfix.ports.mx}"}}
            host.postward.configure(host.settings_of_host())
            host.postward.reload()
            yield Routing(host=host, partner=partner, archive=archive)


def proposed(host):
    done = host.postward.run(
        "mta", "postfix", "--json", "--config", str(host.postward.configuration),
        "--postconf-dir", str(host.postfix.config),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def tell_postfix(host):
    """Do what the printed lines say about routes, and let the log show which mail goes the usual way."""
    lines = proposed(host)
    for file in lines["files"]:
        if file["path"].startswith(str(host.postfix.config)):
            Path(file["path"]).write_text("".join(f"{line}\n" for line in file["lines"]))
    checks = [f"{line['name']}={line['value']}" for line in lines["main"] if line["name"].endswith("header_checks")]
    # A login that XCLIENT tells of is none to Postfix itself, and may not relay.
    open_relay, usual = (
        "smtpd_relay_restrictions=check_recipient_access static:OK, reject",
        "default_transport=discard:the usual way",
    )
    subprocess.run(["postconf", "-c", str(host.postfix.config), "-e", open_relay, usual, *checks], check=True)
    host.postfix.restart()


def token_of(host, route):
    """The token of a route, as it stands in Postfix's table."""
    lines = (host.postfix.config / "postward_routes").read_text().splitlines()
    pattern = lines[lines.index(f"# {route}") + 1]
    return pattern.partition("$/")[0].rpartition("*")[2]


def key_of(host):
    def txt(name, timeout=5):
        records = {**host.world.zone(), **host.own_domain.zone()}.get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    return txt


def test_routed_mail_goes_to_its_smarthost_signed_and_without_the_control_field(routing):
    queue_id = routing.send("For our partner", "bob@partner.example")
    taken = routing.partner.wait_for("bob@partner.example")
    assert (taken.mail_from, taken.recipients) == (OWN, ("bob@partner.example",))
    assert FIELD not in taken.content.lower()
    assert dkim.verify(taken.content, dnsfunc=key_of(routing.host))
    assert "milter-header-filter: " in routing.log_of(queue_id, "removed")


def quarantine(routing, command, *arguments):
    path = str(routing.host.postward.configuration)
    done = routing.host.postward.run("quarantine", command, "--config", path, *arguments, user="nobody")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_routed_mail_that_was_kept_goes_the_same_way_when_it_is_let_go(routing):
    routing.send("A secret of our partner", "erin@partner.example")
    (kept,) = json.loads(quarantine(routing, "list", "--json"))
    assert all("erin@partner.example" not in each.recipients for each in routing.partner.taken)
    quarantine(routing, "release", kept["id"])
    taken = routing.partner.wait_for("erin@partner.example")
    assert FIELD not in taken.content.lower()
    assert dkim.verify(taken.content, dnsfunc=key_of(routing.host))


def test_each_route_has_its_own_smarthost(routing):
    routing.send("To be kept", "ann@archive.example", "bob@archive.example")
    assert set(routing.archive.wait_for("ann@archive.example").recipients) == {
        "ann@archive.example",
        "bob@archive.example",
    }
    assert all("archive.example" not in recipient for each in routing.partner.taken for recipient in each.recipients)


def test_mail_that_no_rule_routes_goes_the_usual_way(routing):
    queue_id = routing.send("Nothing special", "carol@partner.example")
    assert "(the usual way)" in routing.log_of(queue_id, "removed")


def test_mail_that_stays_here_is_not_routed(routing):
    recipient = routing.host.new_recipient()
    routing.send("About our partner", recipient)
    delivered = Delivered(routing.host.postfix.mailbox.wait_for(recipient)[0])
    assert delivered.fields("X-Postward-Route") == []


def test_a_message_for_both_sides_waits_by_the_on_error_of_its_rule(routing):
    recipient = routing.host.new_recipient()
    code, text = routing.refusal("For our partner", "dave@partner.example", recipient)
    assert 400 <= code < 500
    assert "4." in text
    assert routing.host.postfix.mailbox.messages(recipient) == []
    assert all("dave@partner.example" not in each.recipients for each in routing.partner.taken)


def test_a_message_for_both_sides_is_split_where_its_rule_says_so(routing):
    host, local = routing.host, routing.host.new_recipient()
    with host.session(replace(host.world.stranger, login=LOGIN)) as session:
        session.smtp.mail(OWN)
        assert session.smtp.rcpt("erin@archive.example")[0] == 250
        code, text = session.smtp.rcpt(local)
        assert (code, text.startswith(b"4.5.3 ")) == (452, True)
        assert session.smtp.data(compose(subject="First", author=OWN))[0] == 250
    routing.send("Second", local)
    routing.archive.wait_for("erin@archive.example")
    assert b"Subject: Second" in host.postfix.mailbox.wait_for(local)[0]


def test_a_token_from_outside_neither_routes_nor_survives(routing):
    recipient = routing.host.new_recipient()
    forged = f"X-Postward-Route: {token_of(routing.host, 'partner')}"
    routing.send(
        "Let me in", recipient, mail_from="info@bulk.example", client=routing.host.world.stranger, fields=[forged]
    )
    assert FIELD not in routing.host.postfix.mailbox.wait_for(recipient)[0].lower()
    assert all(recipient not in each.recipients for each in routing.partner.taken)


def test_a_token_of_our_own_user_routes_nothing_either(routing):
    forged = f"x-postward-route: {token_of(routing.host, 'archive')}"
    queue_id = routing.send("Mine", "frank@partner.example", fields=[forged])
    assert "(the usual way)" in routing.log_of(queue_id, "removed")
    assert all("frank@partner.example" not in each.recipients for each in routing.archive.taken)


def test_a_route_that_postfix_does_not_know_puts_the_mail_on_hold(routing):
    postfix = routing.host.postfix
    table = postfix.config / "postward_routes"
    known = table.read_text()
    table.write_text(known.splitlines()[-1] + "\n")
    postfix.restart()
    try:
        queue_id = routing.send("For our partner", "grace@partner.example")
        routing.log_of(queue_id, "milter-header-hold: ")
        assert list((postfix.spool / "hold").rglob(queue_id))
    finally:
        table.write_text(known)
        postfix.restart()


def test_the_check_tells_of_a_table_that_is_not_of_these_routes(routing):
    lines = {line["name"]: line for line in proposed(routing.host)["main"]}
    assert lines["milter_header_checks"]["present"] == lines["milter_header_checks"]["value"]
