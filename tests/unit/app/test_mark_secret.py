# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret behind the mark of mail that was judged: kept, private, and never in the way."""

from __future__ import annotations

import pytest

from postward.app.mark_secret import mark_secret

SECRET_BYTES = 32


def kept_in(directory):
    return directory / "pass-mark.secret"


def test_it_is_made_once_and_read_from_then_on(tmp_path):
    secret, trouble = mark_secret(tmp_path)
    assert (len(secret), trouble) == (SECRET_BYTES, "")
    assert mark_secret(tmp_path) == (secret, "")


def test_nobody_else_can_read_it_and_nothing_else_is_left(tmp_path):
    mark_secret(tmp_path)
    assert kept_in(tmp_path).stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [kept_in(tmp_path)]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * (SECRET_BYTES + 1)])
def test_a_damaged_one_is_made_anew(tmp_path, content):
    kept_in(tmp_path).write_bytes(content)
    secret, trouble = mark_secret(tmp_path)
    assert (kept_in(tmp_path).read_bytes(), trouble) == (secret, "")


def test_one_that_cannot_be_kept_serves_all_the_same(tmp_path):
    absent = tmp_path / "absent"
    (one, why), (other, _) = mark_secret(absent), mark_secret(absent)
    assert len(one) == len(other) == SECRET_BYTES
    assert one != other
    assert why == f"{kept_in(absent)}: No such file or directory"
