# SPDX-License-Identifier: GPL-3.0-or-later
"""The DKIM and ARC vectors, through the whole program."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.conformance.scanning import scan_json

VECTORS = Path(__file__).parents[1] / "vectors"
DKIM = json.loads((VECTORS / "dkim_extra.json").read_text(encoding="utf-8"))
ARC = json.loads((VECTORS / "arc_extra.json").read_text(encoding="utf-8"))


def zone_of(vector):
    return {name: [{"TXT": text} for text in texts] for name, texts in vector["dns"].items()}


@pytest.mark.parametrize("vector", DKIM, ids=[vector["id"] for vector in DKIM])
def test_dkim(tmp_path, vector):
    report = scan_json(tmp_path, base64.b64decode(vector["message"]), zone_of(vector))
    passed = any(signature["result"] == "pass" for signature in report["dkim"])
    assert vector["expect"] in ("any", "pass" if passed else "fail")


@pytest.mark.parametrize("vector", ARC, ids=[vector["id"] for vector in ARC])
def test_arc(tmp_path, vector):
    report = scan_json(tmp_path, base64.b64decode(vector["message"]), zone_of(vector))
    assert vector["expect"] in ("any", report["arc"]["result"])
