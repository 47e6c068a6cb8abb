# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from postward.app.mta_lines.sendmail_lines import sendmail_lines, sendmail_text
from postward.config import load


def test_mail_waits_while_postward_is_away():
    first = sendmail_lines(load(None))[0]
    assert first == (
        "INPUT_MAIL_FILTER(`postward', `S=local:/run/postward/milter.sock, F=T, T=C:10s;S:30s;R:30s;E:60s')dnl"
    )


def test_a_tcp_socket_and_another_deadline(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text("listen: inet:127.0.0.1:8890\nmessage: {deadline_s: 100}\n")
    first = sendmail_lines(load(path))[0]
    assert "S=inet:8890@127.0.0.1," in first
    assert "E:130s" in first


def test_the_macros_that_the_milter_reads_are_asked_for():
    text = sendmail_text(load(None))
    assert "{client_addr}" in text
    assert "{auth_authen}" in text
    assert all(line.startswith("dnl") or line.endswith("dnl") for line in text.splitlines())


def test_the_snippet_of_the_packages_is_what_is_printed():
    snippet = Path(__file__).parents[4] / "packaging" / "sendmail" / "postward.m4"
    assert snippet.read_text() == sendmail_text(load(None))
