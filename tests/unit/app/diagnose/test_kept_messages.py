# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules want kept must have a place that the service can write to."""

from __future__ import annotations

import os

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.kept_messages import check_kept_messages
from postward.config import load
from tests.mailhost.loopback import free_ports
from tests.smtp_sink import SmtpSink


@pytest.fixture
def findings(open_dir, stranger):
    def found(text):
        path = open_dir / "postward.yaml"
        path.write_text(f"state_dir: {open_dir}\n{text}")
        return {each.check: each for each in check_kept_messages(load(path), stranger.name)}

    return found


@pytest.fixture
def own_folder(open_dir, stranger):
    path = open_dir / "kept"
    path.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(path, stranger.uid, stranger.gid)
    return path


def test_the_defaults_need_nothing_of_their_own(findings):
    assert findings("") == {}


def test_a_folder_of_the_service(findings, own_folder):
    found = findings(f"quarantine: {{folder: {own_folder}}}\nmoderation: {{folder: {own_folder / 'below'}}}\n")
    assert {check: each.level for check, each in found.items()} == {
        "quarantine.folder": Level.OK, "moderation.folder": Level.OK,
    }  # fmt: skip


def test_a_folder_that_others_may_enter(findings, own_folder):
    own_folder.chmod(0o755)
    found = findings(f"quarantine: {{folder: {own_folder}}}\n")["quarantine.folder"]
    assert (found.level, found.advice) == (Level.WARNING, f"chmod 0700 {own_folder}")


def test_a_folder_that_the_service_cannot_write(findings, own_folder, stranger):
    os.chown(own_folder, 0, 0)
    found = findings(f"archive: {{stores: {{legal: {{maildir: {own_folder}}}}}}}\n")["archive.stores.legal.maildir"]
    assert found.level is Level.ERROR
    assert found.advice == f"install -d -o {stranger.name} -g {stranger.name} -m 0700 {own_folder}"


@pytest.mark.parametrize(("mode", "level"), [(0o600, Level.OK), (0o644, Level.WARNING), (0o000, Level.ERROR)])
def test_the_credentials_of_a_bucket(findings, open_dir, stranger, mode, level):
    path = open_dir / "s3"
    path.write_text("[default]\n")
    path.chmod(mode)
    if os.geteuid() == 0:
        os.chown(path, stranger.uid, stranger.gid)
    found = findings(f"archive: {{stores: {{cold: {{bucket: mail, credentials_file: {path}}}}}}}\n")
    assert found["archive.stores.cold.credentials_file"].level is level


def test_credentials_that_are_not_there(findings, open_dir):
    found = findings(f"archive: {{stores: {{cold: {{bucket: mail, credentials_file: {open_dir / 'gone'}}}}}}}\n")
    assert found["archive.stores.cold.credentials_file"].level is Level.ERROR


def test_where_there_are_rules_the_mta_is_tried(findings, open_dir):
    rules = open_dir / "rules.d"
    rules.mkdir()
    assert findings(f"rules: {{folder: {rules}}}\n") == {}
    (rules / "10.yaml").write_text("")
    nobody = f"rules: {{folder: {rules}}}\nnotify: {{smtp: '127.0.0.1:{free_ports(1)[0]}'}}\n"
    assert findings(nobody)["notify.smtp"].level is Level.WARNING
    with SmtpSink() as sink:
        text = f"rules: {{folder: {rules}}}\nnotify: {{smtp: '{sink.endpoint}'}}\n"
        assert findings(text)["notify.smtp"].level is Level.OK
    elsewhere = findings(f"rules: {{folder: {rules}}}\nnotify: {{smtp: '192.0.2.1:25'}}\n")["notify.smtp"]
    assert (elsewhere.level, "held again" in elsewhere.message) == (Level.WARNING, True)
