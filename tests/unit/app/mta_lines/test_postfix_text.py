# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shlex
import subprocess

from postward.app.mta_lines.postfix_host import assumed_postfix_host, read_postfix_host
from postward.app.mta_lines.postfix_lines import propose_postfix_lines
from postward.app.mta_lines.postfix_text import postfix_difference, postfix_text
from postward.config import load

MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd -o milter_macro_daemon_name=OTHER
[::1]:10025 inet n - n - - smtpd -o content_filter=
"""


def test_the_text_names_files_and_what_stands_there_now(host_of):
    host = host_of("smtpd_milters = inet:127.0.0.1:8891\n", MASTER)
    text = postfix_text(host, propose_postfix_lines(host, load(None)))
    assert (
        f"# {host.config_directory}/main.cf\n# now: smtpd_milters = inet:127.0.0.1:8891\nsmtpd_milters = {{ unix:"
        in text
    )
    assert "\nnon_smtpd_milters = $smtpd_milters\nmilter_default_action = tempfail\n" in text
    assert "\n[::1]:10025 inet n - n - - smtpd\n    -o smtpd_milters=\n" in text


def test_the_commands_do_what_the_lines_say(postconf, postfix_dir):
    directory = postfix_dir("", MASTER)
    host = read_postfix_host(postconf, directory)
    text = postfix_text(host, propose_postfix_lines(host, load(None)))
    commands = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   postconf")]
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "postconf"
        subprocess.run([postconf, *arguments], check=True)
    after = read_postfix_host(postconf, directory)
    assert postfix_difference(after, propose_postfix_lines(after, load(None))) == ""


def test_the_difference_shows_old_and_new(host_of):
    host = host_of("milter_default_action = accept\n", MASTER)
    difference = postfix_difference(host, propose_postfix_lines(host, load(None)))
    assert "-milter_default_action = accept\n+milter_default_action = tempfail\n" in difference
    assert "-    -o milter_macro_daemon_name=OTHER\n+    -o milter_macro_daemon_name=ORIGINATING\n" in difference
    assert "-smtpd_milters" not in difference


def test_without_postfix_the_text_says_so():
    host = assumed_postfix_host()
    assert "There is no Postfix on this host" in postfix_text(host, propose_postfix_lines(host, load(None)))
