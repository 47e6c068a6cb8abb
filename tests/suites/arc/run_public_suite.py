# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ValiMail's public ARC validation suite from a file: ``run_public_suite.py arc-draft-validation-tests.yml``.

The suite is not part of this repository.  An expectation of "" (the chain has ended) is read as ``fail``, which is what
we report there; expectations that the last edition has turned round are named and not counted as failures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from tests.signatures.message import crlf, read_message, zone_lookup
from tests.suites.arc.public_names import EARLIER_EXPECTATIONS, public_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOW_S = 1_700_000_000.0


def main(path: Path) -> int:
    """Print each case that ends otherwise than expected or has no counterpart here, and how many did not."""
    mapped = {case.name for case in public_cases()}
    outcomes = [
        _outcome(name, test, records, mapped) for records, tests in _scenarios(path) for name, test in tests.items()
    ]
    for _, remark in outcomes:
        sys.stdout.write(remark)
    wrong = sum(failed for failed, _ in outcomes)
    sys.stdout.write(f"{len(outcomes) - wrong} passed, {wrong} failed\n")
    return int(wrong > 0)


def _scenarios(path: Path) -> Iterator[tuple[dict[str, list[str]], Mapping[str, Mapping[str, str]]]]:
    """Key records and cases, scenario by scenario."""
    for scenario in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        if scenario:
            yield {name: [text] for name, text in (scenario.get("txt-records") or {}).items()}, scenario["tests"]


def _outcome(name: str, test: Mapping[str, str], records: dict[str, list[str]], mapped: set[str]) -> tuple[bool, str]:
    """Whether a case failed, and what there is to say of it."""
    headers, body = read_message(crlf(test.get("message") or ""))
    result = validate_chain(headers, BodyDigests(body), zone_lookup(records), ArcSettings(), NOW_S)
    expected = (test.get("cv") or "").strip().lower() or "fail"
    if result.status != expected:
        earlier = EARLIER_EXPECTATIONS.get(name) == expected
        of_what = " by an earlier edition" if earlier else ""
        return not earlier, f"{name}: expected {expected}{of_what}, got {result.status} ({result.reason})\n"
    if name not in mapped:
        return True, f"{name}: not in the table of README.md\n"
    return False, ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
