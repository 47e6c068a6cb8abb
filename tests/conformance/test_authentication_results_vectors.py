# SPDX-License-Identifier: GPL-3.0-or-later
"""The Authentication-Results vectors, through the whole program."""

from __future__ import annotations

import json
from pathlib import Path

import authres
import pytest

from tests.conformance.scanning import scan_json

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "authentication_results.json").read_text("utf-8"))
CONFIG = f"authserv_id: {VECTORS['authserv_id']}\n"


@pytest.mark.parametrize("case", VECTORS["recognise"], ids=lambda case: case["value"])
def test_exactly_the_fields_that_claim_our_id_are_removed(tmp_path, case):
    message = f"Authentication-Results: {case['value']}\r\nFrom: a@b.example\r\n\r\nx\r\n".encode()
    report = scan_json(tmp_path, message, {}, config=CONFIG)
    assert any(action["type"] == "remove_header" for action in report["actions"]) is case["ours"]
    assert (report["modified_message"] is not None) is case["ours"]


@pytest.mark.parametrize("case", VECTORS["injection"], ids=lambda case: f"{case['field']}={case['value'][:30]!r}")
def test_nothing_in_a_message_can_add_a_result(tmp_path, case):
    value, field = case["value"], case["field"]
    options = ["--ip", "192.0.2.1", "--helo", value if field == "smtp.helo" else "h.example"]
    options += ["--mail-from", value if field == "smtp.mailfrom" else "a@b.example"]
    tags = {"header.d": "b.example", "header.s": "s", "header.i": "@b.example"} | {field: value}
    signature = (
        f"v=1; a=rsa-sha256; d={tags['header.d']}; s={tags['header.s']}; i={tags['header.i']}; h=from; bh=AA==; b=AA=="
    )
    author = value if field == "header.from" else "a@b.example"
    folded = [text.replace("\n", "\r\n ") for text in (signature, author)]
    message = f"DKIM-Signature: {folded[0]}\r\nFrom: {folded[1]}\r\n\r\nx\r\n".encode()
    found = scan_json(tmp_path, message, {}, *options, config=CONFIG)["authentication_results"]
    lines = found.split("\r\n")
    assert all(line.startswith((" ", "\t")) for line in lines[1:])
    assert all(len(line) <= 998 and "\n" not in line and "\r" not in line for line in lines)
    parsed = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {' '.join(lines)}")
    assert parsed.authserv_id == VECTORS["authserv_id"]
    assert not any(result.method == "dkim" and result.result == "pass" for result in parsed.results)
    methods = sorted(result.method for result in parsed.results)
    assert methods.count("dmarc") <= 1
    assert set(methods) <= {"spf", "dkim", "arc", "dmarc", "iprev"}
