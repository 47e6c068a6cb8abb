# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden cases of DKIM and ARC: a message, its DNS, what comes out, and in the README why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.authn.dkim.settings import DkimSettings
from postward.authn.dkim.verify import verify_signatures
from postward.dns.zone import ZoneLookup
from tests.golden.make_disputed import CASES as DISPUTED
from tests.golden.make_signed import CASES as SIGNED
from tests.signatures.message import read_message

HERE = Path(__file__).parent
NOW_S = 4_000_000_000.0
"""Whenever the messages were made anew, that is later."""


def folders(kind: str) -> list[Path]:
    return sorted(path.parent for path in (HERE / kind).glob("*/expected.json"))


def told(result: object, expected: dict[str, object]) -> dict[str, object]:
    """What the result says of the things that the case is about."""
    names = {"result": "status"}
    return {name: getattr(result, names.get(name, name)) for name in expected}


def test_every_case_can_be_made_anew():
    assert {
        f"{folder.parent.name}/{folder.name}" for folder in folders("dkim") + folders("arc")
    } == SIGNED.keys() | DISPUTED.keys()


@pytest.mark.parametrize("folder", folders("dkim"), ids=lambda folder: folder.name)
def test_dkim(folder: Path):
    headers, body = read_message((folder / "message.eml").read_bytes())
    lookup = ZoneLookup(yaml.safe_load((folder / "zone.yaml").read_text(encoding="utf-8")))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    results = verify_signatures(headers, BodyDigests(body), lookup, DkimSettings(), NOW_S)
    assert [told(result, one) for result, one in zip(results, expected, strict=True)] == expected


@pytest.mark.parametrize("folder", folders("arc"), ids=lambda folder: folder.name)
def test_arc(folder: Path):
    headers, body = read_message((folder / "message.eml").read_bytes())
    lookup = ZoneLookup(yaml.safe_load((folder / "zone.yaml").read_text(encoding="utf-8")))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    result = validate_chain(headers, BodyDigests(body), lookup, ArcSettings(), NOW_S)
    sealers = expected.pop("sealers", None)
    assert told(result, expected) == expected
    assert sealers is None or [one.sealer for one in result.sets] == sealers
