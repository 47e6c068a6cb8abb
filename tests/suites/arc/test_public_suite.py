# SPDX-License-Identifier: GPL-3.0-or-later
"""The counterparts of the public suite, and the tool that runs the public suite itself where somebody has it.

dkimpy gives each case of the public suite the status that the suite expects.  That it gives ours the same speaks for
our messages being made as the public ones are, whatever our validator makes of them.
"""

from __future__ import annotations

import dkim
import pytest
import yaml

from tests.suites.arc import run_public_suite
from tests.suites.arc.all_cases import CASES
from tests.suites.arc.public_names import EARLIER_EXPECTATIONS, ENDED, public_cases

PUBLIC_CASES = public_cases()
OURS = {case.id: case for case in CASES}
NUMBER_OF_PUBLIC_CASES = 171
DKIMPY_WORDS = {dkim.CV_Pass: "pass", dkim.CV_Fail: "fail", dkim.CV_None: "none", None: ENDED}

every_public_case = pytest.mark.parametrize("public", PUBLIC_CASES, ids=lambda public: public.name)


def test_the_table_has_every_case_of_the_public_suite_once():
    assert len(PUBLIC_CASES) == NUMBER_OF_PUBLIC_CASES
    assert len({public.name for public in PUBLIC_CASES}) == NUMBER_OF_PUBLIC_CASES


@every_public_case
def test_ours_exists_and_expects_the_same(public):
    assert OURS[public.id].expect == public.status


@every_public_case
def test_dkimpy_finds_in_ours_what_the_public_suite_expects(public):
    case = OURS[public.id]

    def lookup(name, timeout=5):
        texts = case.records.get(name.decode().rstrip("."), [])
        return texts[0].encode() if texts else None

    status, _, reason = dkim.arc_verify(case.raw, dnsfunc=lookup)
    assert DKIMPY_WORDS[status] == public.expect, reason


def test_earlier_expectations_are_the_opposite_of_the_last():
    last = {public.name: public.expect for public in PUBLIC_CASES}
    assert {name: {"pass": "fail", "fail": "pass"}[last[name]] for name in EARLIER_EXPECTATIONS} == EARLIER_EXPECTATIONS


@pytest.fixture
def run(tmp_path, capsys):
    """Run a suite in the form of the public one, made of cases of ours: name, id of ours, and expectation."""

    def run(*tests):
        scenario = {
            "description": "Ours",
            "tests": {
                name: {"message": OURS[id_].raw.decode().replace("\r\n", "\n"), "cv": cv} for name, id_, cv in tests
            },
            "txt-records": {name: texts[0] for _, id_, _ in tests for name, texts in OURS[id_].records.items()},
        }
        path = tmp_path / "suite.yml"
        path.write_text(yaml.safe_dump_all([scenario, None]), encoding="utf-8")
        return run_public_suite.main(path), capsys.readouterr().out

    return run


def test_a_suite_that_passes(run):
    status, output = run(
        ("cv_empty", "none-empty", "None"),
        ("cv_pass_i2_1", "sound-2", "Pass"),
        ("cv_fail_i1_as_pass", "cv-1-pass", "Fail"),
        ("cv_fail_i2_as2_fail", "cv-2-fail", ""),
    )
    assert (status, output) == (0, "4 passed, 0 failed\n")


def test_an_expectation_that_is_not_met(run):
    status, output = run(("cv_pass_i1_1", "changed-body", "Pass"), ("cv_pass_i2_1", "sound-2", "Pass"))
    assert status == 1
    assert output == (
        "cv_pass_i1_1: expected pass, got fail (ARC-Message-Signature 1: body hash mismatch)\n1 passed, 1 failed\n"
    )


def test_an_expectation_of_an_earlier_edition(run):
    status, output = run(("as_fields_t_na", "as-t-missing", "Fail"))
    assert (status, output) == (
        0,
        "as_fields_t_na: expected fail by an earlier edition, got pass ()\n1 passed, 0 failed\n",
    )


def test_a_case_that_the_table_does_not_know(run):
    status, output = run(("cv_unheard_of", "sound-1", "Pass"))
    assert (status, output) == (1, "cv_unheard_of: not in the table of README.md\n0 passed, 1 failed\n")
