# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.postfix_routes import check_routes
from postward.app.mark_secret import mark_secret
from postward.app.mta_lines.postconf import find_postconf
from postward.app.mta_lines.postfix_host import assumed_postfix_host, read_postfix_host
from postward.app.mta_lines.route_lines import ROUTES_FILE, route_table
from postward.config import load


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text(f"state_dir: {tmp_path}\nroutes: {{partner: 'smtp:[relay.example.com]'}}\n")
    mark_secret(tmp_path)
    return load(path)


@pytest.fixture
def findings_of(tmp_path, config):
    """What is found about a private instance, whose milter_header_checks and table are as given."""

    def find(named="regexp:{folder}/postward_routes", lines=None):
        (tmp_path / "main.cf").write_text(
            f"compatibility_level = 3.6\nmilter_header_checks = {named.format(folder=tmp_path)}\n"
        )
        (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
        if lines is not None:
            (tmp_path / ROUTES_FILE).write_text("".join(f"{line}\n" for line in lines))
        for file in tmp_path.iterdir():
            os.utime(file, (1_000_000_000, 1_000_000_000))
        postconf = find_postconf()
        assert postconf is not None
        return list(check_routes(read_postfix_host(postconf, tmp_path), config))

    return find


def test_a_table_of_these_routes(findings_of, config):
    assert findings_of(lines=[*route_table(config).taking_lines, "", "# mine"]) == []
    assert findings_of("pcre:/a, regexp:{folder}/postward_routes", route_table(config).taking_lines) == []


@pytest.mark.parametrize("named", ["", "regexp:/etc/postfix/other"])
def test_mail_that_would_go_the_usual_way(findings_of, named):
    (found,) = findings_of(named)
    assert (found.check, found.level) == ("postfix.routes", Level.ERROR)


@pytest.mark.parametrize("lines", [None, [], ["/^X-Postward-Route: 0$/ FILTER smtp:[relay.example.com]"]])
def test_a_table_that_is_of_other_routes_or_not_there(findings_of, lines):
    (found,) = findings_of(lines=lines)
    assert found.level is Level.ERROR


def test_tokens_that_cannot_be_read(findings_of, tmp_path):
    (tmp_path / "pass-mark.secret").unlink()
    (found,) = findings_of(lines=[])
    assert found.level is Level.WARNING


def test_without_routes_nothing_is_looked_at():
    assert list(check_routes(assumed_postfix_host(), load(None))) == []
