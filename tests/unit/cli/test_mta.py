# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from postward.cli.mta import mta
from postward.errors import ConfigErrors

MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
127.0.0.1:10025 inet n - n - - smtpd -o content_filter=
"""


@pytest.fixture
def postfix_dir(tmp_path):
    (tmp_path / "main.cf").write_text(f"compatibility_level = 3.6\nqueue_directory = {tmp_path}\n")
    (tmp_path / "master.cf").write_text(MASTER)
    # Postfix waits until a file that was just written is two seconds old.
    for file in tmp_path.iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))
    return str(tmp_path)


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text(f"listen: unix:{tmp_path}/postward/milter.sock\n")
    return str(path)


def run(*arguments):
    return CliRunner().invoke(mta, arguments, catch_exceptions=False)


def test_lines_for_this_postfix(postfix_dir, config):
    result = run("postfix", "--config", config, "--postconf-dir", postfix_dir)
    assert result.exit_code == 0
    assert "smtpd_milters = { unix:postward/milter.sock, " in result.output
    assert "-o milter_macro_daemon_name=ORIGINATING" in result.output
    assert "    -o smtpd_milters=\n" in result.output


def test_lines_as_json(postfix_dir, config):
    result = run("postfix", "--config", config, "--postconf-dir", postfix_dir, "--json")
    lines = json.loads(result.output)
    assert (lines["installed"], lines["chrooted"]) == (True, True)
    assert [line["name"] for line in lines["main"]] == ["smtpd_milters", "non_smtpd_milters", "milter_default_action"]
    assert lines["master"][1]["service"] == "127.0.0.1:10025/inet"


def test_a_difference_is_an_answer_of_no(postfix_dir, config):
    result = run("postfix", "--config", config, "--postconf-dir", postfix_dir, "--diff")
    assert result.exit_code == 1
    assert "+milter_default_action = tempfail" in result.output


def test_a_broken_postfix_is_said_in_its_own_words(tmp_path):
    result = run("postfix", "--postconf-dir", str(tmp_path))
    assert result.exit_code == 1
    assert "main.cf: No such file or directory" in result.output


def test_lines_for_sendmail(config):
    result = run("sendmail", "--config", config)
    assert result.exit_code == 0
    assert "F=T" in result.output
    assert json.loads(run("sendmail", "--config", config, "--json").output)["lines"][0].startswith("INPUT_MAIL_FILTER")


def test_a_wrong_configuration_is_passed_on(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text("lisen: x\n")
    with pytest.raises(ConfigErrors):
        run("sendmail", "--config", str(path))
