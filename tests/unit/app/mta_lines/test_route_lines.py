# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess

import pytest

from postward.app.mark_secret import mark_secret
from postward.app.mta_lines.postfix_host import assumed_postfix_host
from postward.app.mta_lines.postfix_lines import propose_postfix_lines
from postward.app.mta_lines.route_lines import route_table
from postward.app.route_tokens import kept_route_tokens
from postward.config import load

SMTPD = "smtp inet n - y - - smtpd\n"
AGENTS = "smtp unix - - y - - smtp\nrelay unix - - y - - smtp\nlmtp unix - - y - - lmtp\nbsmtp unix - n n - - pipe\n"
ROUTES = "{partner: 'smtp:[relay.example.com]:587', tls: 'relay:'}"


@pytest.fixture
def config_of(tmp_path):
    def make(routes=ROUTES, *, is_set_up=True):
        state = tmp_path / "state"
        state.mkdir(exist_ok=True)
        if is_set_up:
            mark_secret(state)
        path = tmp_path / "postward.yaml"
        path.write_text(f"state_dir: {state}\nroutes: {routes}\n")
        return load(path)

    return make


@pytest.fixture
def proposed(host_of):
    def propose(config, main="", master=SMTPD + AGENTS):
        host = host_of(main, master)
        return host, propose_postfix_lines(host, config, route_table(config))

    return propose


def main_of(lines):
    return {line.name: line.value for line in lines.main if line.name.endswith("header_checks")}


def tables_of(host, lines):
    folder = str(host.config_directory)
    return {file.path.removeprefix(f"{folder}/"): file.lines for file in lines.files if file.path.startswith(folder)}


def looked_up(host, lines, field):
    """What Postfix itself makes of a header field."""
    table = host.config_directory / "table"
    table.write_text("".join(f"{line}\n" for line in lines))
    done = subprocess.run(
        ["postmap", "-c", str(host.config_directory), "-q", field, f"regexp:{table}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout.strip()


def test_without_routes_there_are_no_lines_for_them(proposed, config_of):
    host, lines = proposed(config_of("{}", is_set_up=False))
    assert (main_of(lines), tables_of(host, lines), lines.notes) == ({}, {}, ())


def test_postfix_gets_a_filter_for_each_token_and_strips_it_where_mail_leaves(proposed, config_of):
    config = config_of()
    host, lines = proposed(config)
    folder = host.config_directory
    assert main_of(lines) == {
        "milter_header_checks": f"regexp:{folder}/postward_routes",
        "smtp_header_checks": f"regexp:{folder}/postward_route_strip",
    }
    tables, tokens = tables_of(host, lines), kept_route_tokens(config)
    filters = tables["postward_routes"]
    assert looked_up(host, filters, f"X-Postward-Route: {tokens['partner']}") == "FILTER smtp:[relay.example.com]:587"
    assert looked_up(host, filters, f"X-Postward-Route: {tokens['tls']}") == "FILTER relay:"
    assert looked_up(host, filters, "X-Postward-Route: 0123").startswith("HOLD ")
    assert looked_up(host, filters, f"X-Postward-Route: {tokens['partner']}x").startswith("HOLD ")
    assert looked_up(host, filters, f"Subject: X-Postward-Route: {tokens['tls']}") == ""
    strip = tables["postward_route_strip"]
    assert looked_up(host, strip, f"x-postward-route: {tokens['tls']}") == "IGNORE"
    assert looked_up(host, strip, "X-Postward-Routes: 1") == ""


def test_tables_that_stand_there_stay_behind_ours_and_ours_comes_once(proposed, config_of):
    mine = "milter_header_checks = pcre:/etc/postfix/mine\nsmtp_header_checks = pcre:/a, pcre:/b\n"
    host, lines = proposed(config_of(), mine)
    folder = host.config_directory
    assert main_of(lines) == {
        "milter_header_checks": f"regexp:{folder}/postward_routes, pcre:/etc/postfix/mine",
        "smtp_header_checks": f"regexp:{folder}/postward_route_strip, pcre:/a, pcre:/b",
    }
    set_up = "".join(f"{name} = {value}\n" for name, value in main_of(lines).items())
    _, again = proposed(config_of(), set_up)
    assert main_of(again) == main_of(lines)


def test_a_service_with_a_setting_of_its_own_gets_the_table_there(proposed, config_of):
    master = f"{SMTPD}{AGENTS}tls unix - - y - - smtp -o smtp_header_checks=pcre:/x\n"
    host, lines = proposed(config_of(), master=master)
    (option,) = [option for option in lines.master if option.name == "smtp_header_checks"]
    assert (option.service, option.value) == (
        "tls/unix",
        f"regexp:{host.config_directory}/postward_route_strip,pcre:/x",
    )


def test_lmtp_has_a_setting_of_its_own(proposed, config_of):
    _, lines = proposed(config_of("{store: 'lmtp:[store.example.com]'}"))
    assert set(main_of(lines)) == {"milter_header_checks", "smtp_header_checks", "lmtp_header_checks"}


def test_what_no_line_can_put_right_is_told(proposed, config_of):
    routes = "{a: 'nowhere:', b: 'bsmtp:x.example', c: 'smtp:'}"
    _, lines = proposed(config_of(routes), "content_filter = smtp:[127.0.0.1]:10024\n")
    assert [note.split(" ")[:3] for note in lines.notes] == [
        ["mail", "that", "is"],
        ["the", "route", "a"],
        ["the", "route", "b"],
    ]


def test_before_the_first_start_there_are_no_tokens_and_main_cf_must_not_name_a_table(proposed, config_of):
    host, lines = proposed(config_of(is_set_up=False))
    assert (main_of(lines), tables_of(host, lines)) == ({}, {})
    (note,) = lines.notes
    assert note.startswith("there are no lines for the routes yet: ")


def test_a_host_without_postfix_gets_the_usual_lines(config_of):
    config = config_of()
    lines = propose_postfix_lines(assumed_postfix_host(), config, route_table(config))
    assert main_of(lines)["milter_header_checks"] == "regexp:/etc/postfix/postward_routes"
