# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail of our own users through the whole pipeline, as the configuration puts it together."""

from __future__ import annotations

import pytest
import yaml

from postward.actions.submission import SubmissionSettings
from postward.app.compose import make_pipeline
from postward.app.directory import open_directory
from postward.app.directory_settings import plan_directory
from postward.app.outbound import changes_envelope, load_own_keys, plan_stages, recipient_desk
from postward.config import load
from postward.model.action import Plan
from postward.model.arc import ArcStatus
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.model.origin import Direction
from postward.scoring.catalogue import SYMBOLS
from tests.signatures import keys
from tests.unit.pipeline.passing import NOW_S, OWN, RAW, chain, delivered, examination, judge, verdicts, without

DOMAIN_FILE = {
    "domain": "example.org",
    "recipients": ["alice"],
    "settings": {"reject_unknown_recipients": True},
    "senders": [{"logins": [OWN], "may_use": [OWN]}],
}
FOREIGN = RAW.replace(b"alice@example.org", b"chief@example.net")


class Site:
    """A configuration with its keys and its directory."""

    def __init__(self, base):
        self.base = base
        self.key_mode = 0o600
        self.opened = []

    def key_file(self, name):
        path = self.base / f"{name}.pem"
        path.write_bytes(keys.pem(name))
        path.chmod(self.key_mode)
        return str(path)

    def load(self, *domains, **settings):
        folder = self.base / "domains.d"
        folder.mkdir(exist_ok=True)
        for domain in domains:
            (folder / f"{domain['domain']}.yaml").write_text(yaml.safe_dump(domain))
        given = {"authserv_id": "mx.example.org", "directory": {"domains_dir": str(folder)}, **settings}
        path = self.base / "postward.yaml"
        path.write_text(yaml.safe_dump(given))
        config = load(path, symbols=SYMBOLS)
        directory = open_directory(plan_directory(config))
        self.opened.append(directory)
        return config, directory

    def signing(self, **more):
        listed = [{"domain": "example.org", "selector": "rsa2048", "file": self.key_file("rsa2048")}]
        (self.base / "keys").mkdir(exist_ok=True)
        return {"keys": listed, "keys_dir": str(self.base / "keys"), **more}

    def sealing(self, *when):
        file = self.key_file("rsa2048-other")
        return {
            "enabled": True, "domain": "gateway.example", "selector": "rsa2048-other", "file": file, "when": [*when],
        }  # fmt: skip


@pytest.fixture
def site(tmp_path):
    one = Site(tmp_path)
    yield one
    for directory in one.opened:
        directory.close()


def passed(loaded, one):
    """The message through the pipeline; the transaction and what is delivered."""
    config, directory = loaded
    pipeline = make_pipeline(config, load_own_keys(config), directory, mark=None, wall_clock=lambda: NOW_S)
    pipeline.evaluate(one.transaction, one.lookup, one.transaction.origin)
    return one.transaction, delivered(one, one.transaction.plan)


def test_mail_of_our_own_users_is_completed_and_then_signed(site):
    loaded = site.load(DOMAIN_FILE, signing=site.signing())
    transaction, raw = passed(loaded, examination(without(RAW, b"Date", b"Message-ID")))
    assert transaction.signing.signed_by == ("example.org:rsa2048",)
    assert verdicts(raw) == ["pass"]
    (added,) = [line for line in raw.split(b"\r\n") if line.startswith(b"Message-ID: ")]
    assert added.endswith(b"@mx.example.org>")
    assert verdicts(raw.replace(added, added + b" ")) == ["pass"]
    assert verdicts(raw.replace(added, added.replace(b"@mx.", b"@my."))) == ["fail"]


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.LOOPBACK, Direction.REINJECTED])
def test_nothing_else_is_signed_though_it_names_our_domain(site, direction):
    loaded = site.load(DOMAIN_FILE, signing=site.signing())
    transaction, raw = passed(loaded, examination(direction=direction, user=""))
    assert transaction.signing is None
    assert b"DKIM-Signature:" not in raw


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INBOUND])
def test_monitor_mode_leaves_every_message_as_it_came(site, direction):
    loaded = site.load(DOMAIN_FILE, signing=site.signing(), sealing=site.sealing("always"), mode="monitor")
    came = without(RAW, b"Date")
    transaction, raw = passed(loaded, examination(came, direction=direction))
    assert raw == came
    assert transaction.signing is None


def test_what_is_refused_is_neither_completed_nor_signed(site):
    loaded = site.load(DOMAIN_FILE, signing=site.signing(), submission={"on_from_mismatch": "reject"})
    transaction, _ = passed(loaded, examination(FOREIGN))
    plan = transaction.plan
    assert plan.reply.code == 550
    assert (plan.removals, plan.additions, transaction.signing) == ((), (), None)


def test_an_author_who_is_replaced_signs_as_the_sender(site):
    loaded = site.load(DOMAIN_FILE, signing=site.signing(), submission={"on_from_mismatch": "replace"})
    transaction, raw = passed(loaded, examination(FOREIGN))
    assert (b"alice@example.org" in raw, b"chief@example.net" in raw) == (True, False)
    assert verdicts(raw) == ["pass"]
    assert transaction.signing.signed_by == ("example.org:rsa2048",)


def test_an_author_who_is_let_through_is_not_signed_for(site):
    signing = site.signing()
    signing["keys"].append({"domain": "example.net", "selector": "rsa2048", "file": site.key_file("rsa2048")})
    transaction, raw = passed(site.load(DOMAIN_FILE, signing=signing), examination(FOREIGN))
    assert transaction.plan.reply is None
    assert b"DKIM-Signature:" not in raw
    assert b"\r\nSender: alice@example.org\r\n" in raw


def test_mail_that_is_held_is_signed_as_it_will_leave(site):
    held = {"on_envelope_mismatch": "hold"}
    transaction, raw = passed(
        site.load(DOMAIN_FILE, signing=site.signing(), submission=held), examination(sender="chief@example.net")
    )
    assert transaction.plan.hold is not None
    assert verdicts(raw) == ["pass"]


@pytest.mark.parametrize(("wanted", "code"), [("defer", 451), ("unsigned", None)])
def test_a_key_that_others_can_read_signs_nothing(site, wanted, code):
    site.key_mode = 0o604
    loaded = site.load(DOMAIN_FILE, signing=site.signing(on_unusable_key=wanted))
    (fault,) = load_own_keys(loaded[0]).faults
    assert "is open to everybody (mode 0604)" in str(fault)
    transaction, raw = passed(loaded, examination())
    assert transaction.signing.keys_unusable
    assert b"DKIM-Signature:" not in raw
    assert (transaction.plan.reply and transaction.plan.reply.code) == code


def test_mail_of_other_domains_does_not_wait_for_it(site):
    site.key_mode = 0o604
    transaction, _ = passed(
        site.load(signing=site.signing()), examination(FOREIGN, user="chief@example.net", sender="chief@example.net")
    )
    assert transaction.plan.reply is None
    assert transaction.signing.unsigned_reason == "example.net has no key"


def test_signing_can_be_switched_off(site):
    transaction, raw = passed(site.load(signing=site.signing(enabled=False)), examination())
    assert (transaction.signing, raw.count(b"DKIM-Signature:")) == (None, 0)


def test_mail_that_goes_on_is_sealed_over_what_we_made_of_it(site):
    came = b"Authentication-Results: mx.example.org; spf=pass\r\n" + RAW
    loaded = site.load(DOMAIN_FILE, sealing=site.sealing("forwarded"), signing=site.signing())
    hosted = {"user": "", "direction": Direction.INBOUND, "recipients": ("alice@example.org",)}
    stays, _ = passed(loaded, examination(came, **hosted))
    assert stays.signing is None
    recipients = ("alice@example.org", "bob@example.com")
    transaction, raw = passed(loaded, examination(came, **hosted | {"recipients": recipients}))
    assert transaction.signing.sealed_by == "gateway.example:rsa2048-other"
    assert raw.startswith(b"ARC-Seal: i=1;")
    assert b"mx.example.org; spf=pass\r\n" not in raw
    assert chain(raw, "gateway.example").status is ArcStatus.PASS
    assert b"DKIM-Signature:" not in raw


def test_a_sealing_key_that_cannot_be_used_lets_mail_go_on(site):
    site.key_mode = 0o604
    loaded = site.load(sealing=site.sealing("always"))
    assert len(load_own_keys(loaded[0]).faults) == 1
    transaction, raw = passed(loaded, examination(user="", direction=Direction.INBOUND))
    assert transaction.signing.seal_unusable
    assert transaction.plan.reply is None
    assert b"ARC-Seal:" not in raw


def test_message_ids_are_made_of_the_randomness_that_is_given(site):
    config, directory = site.load()
    stages = plan_stages(config, load_own_keys(config), directory, random=lambda size: b"\xff" * size)
    one = judge(examination(without(RAW, b"Message-ID")), directory, SubmissionSettings())
    (added,) = stages.complete(Plan(), one).additions
    assert added.value == b"<" + b"7" * 24 + b"@mx.example.org>"


def desk(loaded):
    config, directory = loaded
    return recipient_desk(config, load_own_keys(config), directory)


def answer(loaded, address, **more):
    return desk(loaded).judge(examination(**more).transaction, Recipient(address=EnvelopeAddress(address)))


def test_recipients_are_judged_and_senders_before_them(site):
    loaded = site.load(DOMAIN_FILE)
    assert answer(loaded, "alice@example.org") is None
    assert answer(loaded, "nobody@example.org").enhanced == "5.1.1"
    assert answer(loaded, "nobody@example.org", sender="chief@example.net").enhanced == "5.7.1"


def test_who_has_logged_in_but_is_none_of_ours_may_use_any_envelope(site):
    loaded = site.load(DOMAIN_FILE, origin={"authenticated_is_outbound": False})
    assert answer(loaded, "alice@example.org", sender="chief@example.net") is None


def test_nobody_is_refused_in_monitor_mode_or_without_a_directory(site):
    assert desk(site.load(DOMAIN_FILE, mode="monitor")) is None
    (site.base / "domains.d" / "example.org.yaml").unlink()
    assert desk(site.load()) is None


RETURN_PATH = {
    "style": "verp", "domains": ["example.org"], "bounce_domain": "b.example.org", "deliver_to": "bounces@example.org",
    "cfbl_address": "fbl@example.org", "feedback_id": "example-org",
}  # fmt: skip


def test_return_path_and_feedback_fields_are_there_when_the_message_is_signed(site):
    loaded = site.load(DOMAIN_FILE, signing=site.signing(), return_path=RETURN_PATH, state_dir=str(site.base))
    transaction, raw = passed(loaded, examination(b"CFBL-Address: eve@example.net\r\n" + RAW))
    assert verdicts(raw) == ["pass"]
    lines = [line for line in raw.split(b"\r\n") if line.lower().startswith((b"cfbl-", b"feedback-id"))]
    assert len(lines) == len({line.partition(b":")[0] for line in lines}) == 3
    assert transaction.plan.new_sender == f"b+a.{lines[1].partition(b': ')[2].decode()}@b.example.org"
    for line in lines:
        assert verdicts(raw.replace(line, line + b"x")) == ["fail"]


def test_a_forged_bounce_is_refused_without_a_directory_too(site):
    config, directory = site.load(return_path=RETURN_PATH, state_dir=str(site.base))
    own = load_own_keys(config, makes_secret=True)
    forged = Recipient(address=EnvelopeAddress("b+a.x@b.example.org"))
    transaction = examination(sender="").transaction
    assert recipient_desk(config, own, directory).recall(transaction, forged).enhanced == "5.1.1"
    assert changes_envelope(own, directory)


def test_forged_bounces_may_be_taken(site):
    loaded = site.load(return_path={**RETURN_PATH, "refuse_forged": False}, state_dir=str(site.base))
    assert desk(loaded) is None


def test_a_genuine_bounce_is_for_a_recipient_that_the_directory_has(site):
    batv = {"style": "batv", "domains": ["example.org"]}
    config, directory = site.load(DOMAIN_FILE, return_path=batv, state_dir=str(site.base))
    own = load_own_keys(config, makes_secret=True)
    pipeline = make_pipeline(config, own, directory, mark=None, wall_clock=lambda: NOW_S)
    one = examination()
    pipeline.evaluate(one.transaction, one.lookup, one.transaction.origin)
    bounce = examination(sender="", user="", direction=Direction.INBOUND).transaction
    bounce.started_s = NOW_S
    path = Recipient(address=EnvelopeAddress(one.transaction.plan.new_sender))
    questions = recipient_desk(config, own, directory)
    assert path.address.text.startswith("prvs=")
    assert questions.judge(bounce, path) is None
    assert questions.judge(bounce, Recipient(address=EnvelopeAddress(f"prvs=0000000000={OWN}"))).enhanced == "5.1.1"


def test_a_bounce_that_nobody_can_read_without_the_secret_is_put_off(site):
    shared = site.base / "shared.secret"
    shared.write_text("short")
    shared.chmod(0o600)
    batv = {"style": "batv", "domains": ["example.org"], "secret_file": str(shared)}
    loaded = site.load(DOMAIN_FILE, return_path=batv)
    bounce = {"sender": ""}
    assert answer(loaded, f"prvs=0123abcdef={OWN}", **bounce).code == 451
    assert answer(loaded, "nobody@example.org", **bounce).code == 550


def test_secrets_that_cannot_be_used_stop_nobody(site):
    shared = site.base / "shared.secret"
    shared.write_text("short")
    shared.chmod(0o600)
    loaded = site.load(return_path={**RETURN_PATH, "secret_file": str(shared)})
    (fault,) = load_own_keys(loaded[0]).faults
    assert fault.key == "return_path.secret_file"
    transaction, _ = passed(loaded, examination())
    assert transaction.plan.new_sender is None
    assert transaction.plan.reply is None
    assert desk(loaded) is None
