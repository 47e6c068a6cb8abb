# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.permissions import check_file_permissions, check_spool_dir, check_state_dir
from postward.config import load


@pytest.fixture
def config_of(open_dir):
    def make(text: str = "", mode: int = 0o644):
        path = open_dir / "postward.yaml"
        path.write_text(text)
        configuration = load(path)
        path.chmod(mode)
        return configuration

    return make


def test_a_usual_file(config_of, stranger):
    assert check_file_permissions(config_of(), stranger.name).level is Level.OK


def test_a_file_that_anyone_may_change(config_of, stranger):
    finding = check_file_permissions(config_of(mode=0o666), stranger.name)
    assert (finding.level, finding.advice[:9]) == (Level.ERROR, "chmod o-w")


def test_a_file_that_the_service_cannot_read(config_of, stranger):
    finding = check_file_permissions(config_of(mode=0o000), stranger.name)
    assert finding.level is Level.ERROR
    assert f"{stranger.name} cannot read" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "redis: {url: 'redis://:secret@127.0.0.1'}",
        "directory: {sql: {url: 'postgresql+psycopg://u:secret@h/d'}}",
        "directory: {sql: {url: 'postgresql+psycopg:///d?host=h&password=secret'}}",
        "directory: {ldap: {bind_dn: cn=x, bind_password: secret}}",
    ],
)
def test_a_password_that_anyone_may_read(config_of, own_name, text):
    finding = check_file_permissions(config_of(text), own_name)
    assert finding.level is Level.WARNING
    assert "secret" not in finding.message
    hidden = config_of(text, mode=0o600)
    assert check_file_permissions(hidden, own_name).level is Level.OK


def test_a_file_that_is_gone(config_of, own_name):
    configuration = config_of()
    Path(configuration.path).unlink()
    assert check_file_permissions(configuration, own_name).level is Level.ERROR


def test_a_state_dir_of_the_service(config_of, open_dir, own_name):
    state = open_dir / "state"
    state.mkdir(mode=0o700)
    assert check_state_dir(config_of(f"state_dir: {state}"), own_name).level is Level.OK


@pytest.mark.parametrize(("mode", "word"), [(0o777, "every user"), (0o500, "cannot write"), (None, "no directory")])
def test_a_state_dir_that_does_not_do(config_of, open_dir, stranger, mode, word):
    state = open_dir / "state"
    if mode is not None:
        state.mkdir()
        state.chmod(mode)
    finding = check_state_dir(config_of(f"state_dir: {state}"), stranger.name)
    assert finding.level is Level.ERROR
    assert word in finding.message
    assert finding.advice


def test_a_spool_dir_that_every_user_may_write_in(config_of, open_dir, stranger):
    spool = open_dir / "spool"
    spool.mkdir()
    spool.chmod(0o1777)
    assert check_spool_dir(config_of(f"message: {{spool_dir: {spool}}}"), stranger.name).level is Level.OK


@pytest.mark.parametrize(("mode", "word"), [(0o500, "cannot write"), (None, "no directory")])
def test_a_spool_dir_that_does_not_do(config_of, open_dir, stranger, mode, word):
    spool = open_dir / "spool"
    if mode is not None:
        spool.mkdir()
        spool.chmod(mode)
    finding = check_spool_dir(config_of(f"message: {{spool_dir: {spool}}}"), stranger.name)
    assert finding.level is Level.ERROR
    assert word in finding.message
    assert finding.advice
