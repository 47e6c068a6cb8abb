# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.app.mta_lines.postconf import PostconfFailure, read_parameters, run_postconf


def test_it_tells_a_parameter(postconf, postfix_dir):
    output = run_postconf(postconf, postfix_dir("myhostname = mx.example.com\n"), ["myhostname"])
    assert read_parameters(output) == {"myhostname": "mx.example.com"}


def test_a_parameter_that_postfix_does_not_know_is_absent(postconf, postfix_dir):
    output = run_postconf(postconf, postfix_dir(), ["no_such_parameter", "mail_owner"])
    assert read_parameters(output) == {"mail_owner": "postfix"}


def test_its_own_words_explain_a_failure(postconf, tmp_path):
    with pytest.raises(PostconfFailure, match=r"main\.cf: No such file"):
        run_postconf(postconf, tmp_path, ["mail_owner"])


def test_a_program_that_cannot_be_run():
    with pytest.raises(PostconfFailure, match="cannot be run"):
        run_postconf(Path("/nonexistent/postconf"), None, ["mail_owner"])


def test_values_may_hold_equal_signs_and_be_empty():
    assert read_parameters("a = b=c\nb =\nnonsense\n") == {"a": "b=c", "b": ""}
