# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections ``quarantine``, ``moderation``, ``archive`` and ``notify``."""

from __future__ import annotations

from pathlib import Path

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return read


def test_by_default_all_lies_in_the_state_directory_and_our_own_mail_goes_to_this_host():
    config = load(None)
    assert (config.quarantine.folder, config.moderation.folder, config.moderation.base_url) == (None, None, None)
    assert (dict(config.archive.stores), dict(config.notify.templates), config.notify.admins) == ({}, {}, ())
    assert (str(config.notify.smtp), config.notify.interval_s) == ("127.0.0.1:25", 60)


def test_archives_have_names(read):
    config = read(
        "archive:\n"
        "  stores:\n"
        "    legal: {maildir: /srv/legal}\n"
        "    cold:\n"
        "      bucket: mail-archive\n"
        "      endpoint: http://127.0.0.1:9000\n"
        "      prefix: mx1/\n"
        "      credentials_file: /etc/postward/s3\n"
    )
    legal, cold = config.archive.stores["legal"], config.archive.stores["cold"]
    assert (legal.maildir, legal.bucket) == (Path("/srv/legal"), None)
    assert (cold.bucket, cold.endpoint, cold.prefix) == ("mail-archive", "http://127.0.0.1:9000", "mx1/")
    assert cold.credentials_file == Path("/etc/postward/s3")


def test_a_template_may_have_several_lines(read):
    config = read(
        "notify:\n  admins: [Postmaster@example.org]\n  templates:\n    dlp:\n"
        "      subject: 'Card numbers in {subject}'\n      text: |\n        From {sender}\n        to {recipients}\n"
    )
    assert config.notify.admins == ("postmaster@example.org",)
    assert config.notify.templates["dlp"].text == "From {sender}\nto {recipients}\n"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("archive:\n  stores: {a: {}}\n", "archive.stores.a", "needs a maildir or a bucket"),
        ("archive:\n  stores: {a: {maildir: /a, bucket: abc}}\n", "archive.stores.a", "needs a maildir or a bucket"),
        ("archive:\n  stores: {a: {maildir: /a, prefix: b/}}\n", "archive.stores.a", "prefix goes with a bucket"),
        ("archive:\n  stores: {../a: {maildir: /a}}\n", "archive.stores.../a", "is no name of an archive"),
        ("archive:\n  stores: {a: {maildir: a}}\n", "archive.stores.a.maildir", "must be an absolute path"),
        ("archive:\n  stores: {a: {bucket: A}}\n", "archive.stores.a.bucket", "is no name of a bucket"),
        ("archive:\n  stores: {a: {bukcet: abc}}\n", "archive.stores.a.bukcet", "unknown key"),
        ("archive:\n  stores: {a: {bucket: abc, endpoint: 's3:x'}}\n", "archive.stores.a.endpoint", "no URL"),
        ("archive:\n  stores: {a: {bucket: abc, endpoint: 'http://u:p@h'}}\n", "archive.stores.a.endpoint", "no URL"),
        ("moderation: {base_url: 'javascript:x'}\n", "moderation.base_url", "is no URL of a page"),
        ("moderation: {base_url: 'https://a.example/?q=1'}\n", "moderation.base_url", "is no URL of a page"),
        ("moderation: {base_url: 'https://a.example/ b'}\n", "moderation.base_url", "is no URL of a page"),
        ("quarantine: {retention_days: 0}\n", "quarantine.retention_days", "must be at least 1"),
        ("notify: {smtp: 'mail.example.org:25'}\n", "notify.smtp", "must be an IP address and a port"),
        ("notify: {admins: [root]}\n", "notify.admins[0]", "is no whole address"),
        ("notify:\n  templates: {a: {subject: x, text: '{sender.__class__}'}}\n", "notify.templates.a.text", "has no"),
        ('notify:\n  templates: {a: {subject: "x\\ny", text: y}}\n', "notify.templates.a.subject", "one line"),
        ("notify:\n  templates: {a: {subject: x}}\n", "notify.templates.a.text", "is missing"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(read, text, key, message):
    with pytest.raises(ConfigErrors) as raised:
        read(text)
    (error,) = raised.value.errors
    assert (error.key, error.line > 0) == (key, True)
    assert message in error.message
