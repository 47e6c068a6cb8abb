# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading

from postward.app.diagnose.as_user import can_become, find_account, try_as


def test_an_account_is_found_by_name(own_name):
    account = find_account(own_name)
    assert account is not None
    assert (account.name, account.uid) == (own_name, os.geteuid())
    assert can_become(account)
    assert find_account("no-such-user") is None
    assert find_account("nul\0byte") is None


def test_the_attempt_runs_as_that_user(stranger):
    assert try_as(stranger, lambda: f"{os.geteuid()} {os.getegid()}", timeout_s=30) == f"{stranger.uid} {stranger.gid}"


def test_success_is_empty(stranger):
    assert try_as(stranger, lambda: "", timeout_s=30) == ""


def test_a_right_that_the_user_lacks(stranger, open_dir):
    secret = open_dir / "secret"
    secret.mkdir(mode=0o000)

    def attempt() -> str:
        return str(list(secret.iterdir()))

    assert try_as(stranger, attempt, timeout_s=30) == os.strerror(13)


def test_an_attempt_that_fails_oddly_is_no_success(stranger):
    assert "not foreseen" in try_as(stranger, lambda: str(1 // 0), timeout_s=30)
    assert "without an answer" in try_as(stranger, lambda: os._exit(0), timeout_s=30)


def test_an_attempt_that_hangs_is_given_up(stranger):
    def hang() -> str:
        threading.Event().wait()
        return ""

    assert try_as(stranger, hang, timeout_s=0.2) == "it took too long"


def test_a_root_directory_that_cannot_be_entered(stranger, open_dir):
    assert try_as(stranger, lambda: "", timeout_s=30, root=open_dir / "none") != ""
