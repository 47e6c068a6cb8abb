# SPDX-License-Identifier: GPL-3.0-or-later
"""Good mail of today as it comes from those who really send it, authenticated: none of it is even suspect.

Each message begins with its Return-Path, which is the envelope sender; in most DKIM and DMARC pass for the author.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postward.checks.content.body.all_checks import BODY_CHECKS
from postward.checks.content.headers.all_checks import HEADER_CHECKS
from postward.config.schema.scoring import ScoringSection
from postward.mime.address_list import read_mailboxes
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from postward.model.iprev import IprevResult, IprevStatus
from postward.model.spf import SpfResult, SpfScope, SpfStatus
from postward.model.transaction import Facts
from postward.scoring.catalogue import DEFAULT_SCALE
from postward.scoring.weighing import weigh
from tests.unit.checks.content.letters import letter

if TYPE_CHECKING:
    from postward.model.symbol import Symbol

MESSAGES = sorted((Path(__file__).parent / "good_mail" / "authenticated").glob("*.eml"))
SPF_ALONE = {"scanner_natted", "device_no_message_id", "script_bare_header", "web_form_plain_php"}
"""Devices and scripts sign nothing; their host is that of the envelope sender's domain."""
HELO = {"scanner_natted": "192.168.1.20", "device_no_message_id": "UPS1"}
"""Of others it is the name of their host."""


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_good_mail_is_not_suspect(path: Path) -> None:
    symbols = weighed(path)
    assert sum(symbol.score for symbol in symbols) < ScoringSection().suspect_threshold, symbols


def test_there_is_good_mail_of_many_kinds() -> None:
    assert len(MESSAGES) > 45
    assert {path.stem for path in MESSAGES} >= SPF_ALONE | HELO.keys()


def weighed(path: Path) -> tuple[Symbol, ...]:
    return_path, _, content = path.read_bytes().partition(b"\n")
    sender = return_path.decode("ascii").partition("<")[2].rstrip(">")
    author = read_author(content)
    helo = HELO.get(path.stem, f"mta.{sender.rpartition('@')[2] or 'relay.example'}")
    zone = {helo: [{"A": "198.51.100.7"}], author: [{"MX": [10, f"mx.{author}"]}]}
    results = authentication(sender, author, helo, is_signed=path.stem not in SPF_ALONE)
    message = letter(content, helo=helo, sender=sender, zone=zone, **results)
    facts = Facts()
    for name, value in results.items():
        setattr(facts, name, value)
    checks = (*HEADER_CHECKS, *BODY_CHECKS)
    facts.findings["content"] = tuple(finding for check in checks for finding in check.find(message))
    return weigh(facts, DEFAULT_SCALE)


def read_author(content: bytes) -> str:
    line = next(line for line in content.split(b"\n") if line.startswith(b"From: "))
    return read_mailboxes(line[6:])[0].domain


def authentication(sender: str, author: str, helo: str, *, is_signed: bool) -> dict[str, object]:
    domain = sender.rpartition("@")[2] or helo
    return {
        "spf": SpfResult(status=SpfStatus.PASS, scope=SpfScope.MFROM, domain=domain, identity=sender),
        "dkim": (DkimResult(status=DkimStatus.PASS, domain=author, selector="s1"),) if is_signed else (),
        "dmarc": DmarcResult(status=DmarcStatus.PASS if is_signed else DmarcStatus.NONE, domain=author),
        "iprev": IprevResult(
            status=IprevStatus.PASS if is_signed else IprevStatus.FAIL, name=helo if is_signed else None
        ),
    }
