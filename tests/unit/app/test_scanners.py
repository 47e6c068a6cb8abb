# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.scanners import open_scanners
from postward.config import load
from postward.errors import ConfigErrors
from postward.model.milter_socket import InetSocket, UnixSocket
from postward.scanners.settings import OnFailure


def configuration(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(text)
    return load(path)


def opened(tmp_path, text):
    scanners = open_scanners(configuration(tmp_path, text))
    scanners.close()
    return {scanner.settings.name: scanner.settings for scanner in scanners.scanners}


def test_none_is_asked_unless_the_operator_names_its_socket(tmp_path):
    assert opened(tmp_path, "") == {}


def test_each_is_asked_as_it_is_configured(tmp_path):
    found = opened(
        tmp_path,
        "clamav: {socket: 'unix:/run/clamav/clamd.ctl', on_failure: tempfail, concurrency: 7, max_bytes: 2048}\n"
        "spamassassin: {socket: 'inet:783@127.0.0.1', timeout_s: 4}\n"
        "rspamd: {socket: 'inet:11333@rspamd.example'}\n",
    )
    assert list(found) == ["clamav", "spamassassin", "rspamd"]
    assert found["clamav"].socket == UnixSocket(path="/run/clamav/clamd.ctl")
    assert (found["clamav"].on_failure, found["clamav"].concurrency) == (OnFailure.TEMPFAIL, 7)
    assert found["clamav"].max_bytes == 2048
    assert (found["spamassassin"].timeout_s, found["spamassassin"].on_failure) == (4.0, OnFailure.SKIP)
    assert found["rspamd"].socket == InetSocket(host="rspamd.example", port=11333)


@pytest.mark.parametrize(("deadline_s", "timeout_s"), [(60, 30.0), (10, 9.0), (1, 0.5)])
def test_a_scanner_is_given_up_before_the_message_is(tmp_path, deadline_s, timeout_s):
    text = f"message: {{deadline_s: {deadline_s}}}\nclamav: {{socket: 'unix:/s'}}\n"
    assert opened(tmp_path, text)["clamav"].timeout_s == timeout_s


@pytest.mark.parametrize(
    "section",
    [
        "clamav: {socket: clamd.ctl}",
        "clamav: {socket: 'unix:clamd.ctl'}",
        "rspamd: {socket: 'inet:11333'}",
        "clamav: {on_virus: accept}",
        "spamassassin: {user: 'a b'}",
        "rspamd: {timeout_s: 0}",
    ],
)
def test_what_is_wrong_is_found_before_the_start(tmp_path, section):
    with pytest.raises(ConfigErrors):
        configuration(tmp_path, section)
