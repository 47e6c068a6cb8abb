"""Run ValiMail's public ARC validation suite from a file: ``run_public_suite.py arc-draft-validation-tests.yml``.

The suite is not part of this repository.  An expectation of "" (the chain has ended) is read as ``fail``, which is what
we report there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from tests.signatures.message import crlf, read_message, zone_lookup

NOW_S = 1_700_000_000.0


def main(path: Path) -> int:
    """Print each case that ends otherwise than expected, and how many did not."""
    cases = 0
    wrong = 0
    for scenario in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        records = {name: [text] for name, text in (scenario.get("txt-records") or {}).items()}
        for name, test in scenario["tests"].items():
            cases += 1
            headers, body = read_message(crlf(test.get("message") or ""))
            result = validate_chain(headers, BodyDigests(body), zone_lookup(records), ArcSettings(), NOW_S)
            expected = (test.get("cv") or "fail").strip().lower()
            if result.status != expected:
                wrong += 1
                sys.stdout.write(f"{name}: expected {expected}, got {result.status} ({result.reason})\n")
    sys.stdout.write(f"{cases - wrong} passed, {wrong} failed\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
