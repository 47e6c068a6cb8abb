# SPDX-License-Identifier: GPL-3.0-or-later
"""Each vector is a trap in an RFC, or a fault that a library in use has."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest

from postward.authn.dkim.body_digests import BodyDigests
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures
from postward.model.dkim import DkimStatus
from tests.signatures.message import read_message, zone_lookup

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/dkim_extra.json").read_text(encoding="utf-8"))
NOW_S = 1_795_500_000.0
"""After the newest t= among them."""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    headers, body = read_message(b64decode(vector["message"]))
    lookup = zone_lookup(vector["dns"])
    results = verify_signatures(headers, BodyDigests(body), lookup, DkimSettings(), NOW_S)
    passed = any(result.status is DkimStatus.PASS for result in results)
    assert vector["expect"] in {"any", "pass" if passed else "fail"}
    assert all((result.status is DkimStatus.PASS) == (not result.reason) for result in results)
