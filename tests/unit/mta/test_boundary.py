# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mta.boundary import guarded


def test_the_result_comes_back():
    failures = []
    assert guarded(failures.append, divmod, 7, 2) == (3, 1)
    assert failures == []


def test_an_error_is_handed_over():
    failures = []
    assert guarded(failures.append, divmod, 7, 0) is None
    assert isinstance(failures[0], ZeroDivisionError)


def test_an_end_of_the_process_is_not_held_up():
    with pytest.raises(SystemExit):
        guarded(lambda _: None, exit)
