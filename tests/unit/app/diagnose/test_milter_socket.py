# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from types import MappingProxyType

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.milter_socket import check_socket
from postward.app.mta_lines.postfix_host import PostfixHost, Service
from postward.config import load

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def config_of(tmp_path):
    def make(listen: str):
        path = tmp_path / "postward.yaml"
        path.write_text(f"listen: {listen}\n")
        return load(path)

    return make


def host(queue, *, chrooted: bool) -> PostfixHost:
    smtp = Service(
        name="smtp", type="inet", chrooted=chrooted, program="smtpd", overrides=MappingProxyType({}), line="smtp"
    )
    return PostfixHost(parameters={"queue_directory": str(queue)}, written={}, services=(smtp,))


def test_the_mta_reaches_it(open_dir, listener, milter_answer, config_of, stranger):
    path = listener(open_dir / "m.sock", milter_answer)
    path.chmod(0o666)
    finding = check_socket(config_of(f"unix:{path}"), None, stranger.name)
    assert finding.level is Level.OK
    assert stranger.name in finding.message


def test_the_mta_reaches_it_from_its_chroot(open_dir, listener, milter_answer, config_of, stranger):
    path = listener(open_dir / "m.sock", milter_answer)
    path.chmod(0o666)
    finding = check_socket(config_of(f"unix:{path}"), host(open_dir, chrooted=True), stranger.name)
    assert finding.level is Level.OK
    assert ("in the chroot" in finding.message) is IS_ROOT


def test_a_socket_outside_the_chroot_is_an_error_without_trying(open_dir, tmp_path, config_of, stranger):
    finding = check_socket(config_of("unix:/run/postward/milter.sock"), host(open_dir, chrooted=True), stranger.name)
    assert finding.level is Level.ERROR
    assert "cannot see the socket" in finding.message
    assert "postward mta postfix" in finding.advice


def test_a_socket_that_the_mta_may_not_open(open_dir, listener, milter_answer, config_of, stranger):
    path = listener(open_dir / "m.sock", milter_answer)
    path.chmod(0o000)
    finding = check_socket(config_of(f"unix:{path}"), host(open_dir, chrooted=False), stranger.name)
    assert finding.level is Level.ERROR
    assert "Permission denied" in finding.message
    assert "needs x on every directory" in finding.advice


def test_no_socket_yet(open_dir, config_of, stranger):
    finding = check_socket(config_of(f"unix:{open_dir}/none"), None, stranger.name)
    assert (finding.level, finding.message) == (Level.ERROR, f"there is no socket at {open_dir}/none")
    assert "start Postward" in finding.advice


def test_a_socket_that_nobody_listens_on(open_dir, listener, config_of, stranger):
    path = listener(open_dir / "m.sock", b"220 hello\r\n")
    path.chmod(0o666)
    assert check_socket(config_of(f"unix:{path}"), None, stranger.name).level is Level.ERROR


def test_without_such_a_user_it_is_tried_as_oneself_and_said(open_dir, listener, milter_answer, config_of):
    path = listener(open_dir / "m.sock", milter_answer)
    finding = check_socket(config_of(f"unix:{path}"), None, "no-such-user")
    assert finding.level is Level.WARNING
    assert "there is no user no-such-user" in finding.message


def test_a_tcp_socket(config_of):
    finding = check_socket(config_of("inet:127.0.0.1:1"), None, "postfix")
    assert finding.level is Level.ERROR
    assert "Connection refused" in finding.message
