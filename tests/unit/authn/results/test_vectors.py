# SPDX-License-Identifier: GPL-3.0-or-later
"""Every vector of tests/vectors/authentication_results.json: forged fields, and values that try to add a result."""

from __future__ import annotations

import json
from pathlib import Path

import authres
import pytest

from postward.authn.results import MethodResult, claims_authserv_id, parse_results, render

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "authentication_results.json").read_text())
METHODS = {"smtp": "spf", "header": "dkim", "policy": "iprev"}


def hostile_result(field, value):
    if field in {"reason", "comment"}:
        return MethodResult(method="spf", result="fail", **{field: value})
    ptype, name = field.split(".")
    method = "dmarc" if name == "from" else METHODS[ptype]
    return MethodResult(method=method, result="fail", properties=((ptype, name, value),))


@pytest.mark.parametrize("vector", VECTORS["recognise"], ids=[vector["value"] for vector in VECTORS["recognise"]])
def test_recognised(vector):
    assert claims_authserv_id(vector["value"].encode(), VECTORS["authserv_id"]) is vector["ours"]


@pytest.mark.parametrize("vector", VECTORS["injection"], ids=lambda vector: f"{vector['field']}-{vector['value'][:20]}")
def test_nothing_is_injected(vector):
    result = hostile_result(vector["field"], vector["value"])
    value = render(VECTORS["authserv_id"], [result])
    unfolded = value.replace(b"\r\n\t", b" ")
    assert b"\r" not in unfolded
    assert b"\n" not in unfolded
    assert all(len(line) <= 998 for line in value.split(b"\r\n"))
    ours = parse_results(value)
    assert [(found.method, found.result) for found in ours.results] == [(result.method, result.result)]
    theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {unfolded.decode()}")
    assert [(found.method, found.result) for found in theirs.results] == [(result.method, result.result)]
