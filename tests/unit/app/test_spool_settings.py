# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.spool_settings import (
    admin_addresses,
    archive_faults,
    bucket_settings,
    make_depositing,
    moderation_store,
    outbox,
    pending_uploads,
    quarantine_store,
)
from postward.config import load
from postward.observability.logger import EventLog


@pytest.fixture
def read(tmp_path):
    def read(text=""):
        path = tmp_path / "postward.yaml"
        path.write_text(f"state_dir: {tmp_path}\nauthserv_id: mx.example.net\n{text}", encoding="utf-8")
        return load(path)

    return read


def test_all_lies_in_the_state_directory_unless_it_is_put_elsewhere(read, tmp_path):
    config = read("archive: {stores: {cold: {bucket: mail}, legal: {maildir: /srv/legal}}}\n")
    assert quarantine_store(config).folder == tmp_path / "quarantine"
    assert moderation_store(config).folder == tmp_path / "moderation"
    assert outbox(config).folder == tmp_path / "outbox"
    assert {name: store.folder for name, store in pending_uploads(config).items()} == {
        "cold": tmp_path / "archive" / "cold"
    }
    assert quarantine_store(read("quarantine: {folder: /srv/q}\n")).folder.as_posix() == "/srv/q"


def test_a_bucket(read):
    config = read(
        "archive: {stores: {cold: {bucket: mail, endpoint: 'https://s3.example.com', credentials_file: /etc/s3,"
        " prefix: a/}}}\n"
    )
    settings = bucket_settings(config, "cold")
    assert (settings.bucket, settings.prefix, settings.endpoint) == ("mail", "a/", "https://s3.example.com")
    assert (str(settings.credentials_file), settings.profile, settings.region) == ("/etc/s3", "default", "")
    assert archive_faults(config) == ()


def test_the_admins_are_postmaster_unless_there_are_others(read):
    assert admin_addresses(read()) == ("postmaster@mx.example.net",)
    assert admin_addresses(read("notify: {admins: [a@example.org]}\n")) == ("a@example.org",)


def test_in_monitor_mode_nothing_is_kept(read):
    assert make_depositing(read("mode: monitor\n"), EventLog(fd=2)) is None
    assert make_depositing(read(), EventLog(fd=2)) is not None
