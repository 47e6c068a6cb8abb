# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that people really write, each with the traps in it, through the pipeline that the milter runs.

A folder is a rule: ``rules.d`` as an operator has it, and ``cases.yaml`` with messages and what becomes of
them.  The words of a case: ``from`` and ``to`` (envelope), ``user`` (login), ``ip``, ``helo``, ``now`` (Unix time),
``zone`` (DNS), ``config`` (more settings), the message (see ``letter.py``), and ``expect``:

- ``matched``: whether the rule did, for anybody
- ``refused``: recipients that are refused when they come, with the code
- ``reply``: code of the answer to the message, null where it is taken
- ``actions``: kinds of actions taken; ``not_taken``: kinds refused
- ``error``: words that stand in why the rule failed
- ``verdict``, ``tags``; ``headers``: of the message as delivered, null for none; ``recipients``: as they are in the end
- ``score``: what the rule adds; ``unchanged``: not an octet differs from what Postward delivers without rules
"""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from postward.actions.delivery import delivered_message
from postward.app.compose import scan_parts
from postward.app.scanning import ScanRequest, scan_stored
from postward.model.rule_action import kind_of
from tests.acceptance.letter import letter

_HERE = Path(__file__).parent
_NOW_S = 1_795_521_600.0
_FOLDERS = sorted(path.parent for path in _HERE.glob("*/cases.yaml"))


def _cases() -> list[Any]:
    return [
        pytest.param(folder, case, id=f"{folder.name}: {case['name']}")
        for folder in _FOLDERS
        for case in yaml.safe_load((folder / "cases.yaml").read_text())
    ]


def _configuration(tmp_path: Path, folder: Path | None, more: dict[str, Any]) -> Path:
    settings: dict[str, Any] = {
        "authserv_id": "mx.corp.example",
        "state_dir": str(tmp_path),
        "directory": {"domains_dir": str(_HERE / "directory")},
        "rules": {"folder": str(folder / "rules.d" if folder else tmp_path / "none"), "plugin_path": []},
        "notify": {"mail_from": "postmaster@corp.example", "admins": ["admin@corp.example"]},
        **more,
    }
    path = tmp_path / "postward.yaml"
    path.write_text(yaml.safe_dump(settings))
    return path


def _scan(case: dict[str, Any], config: Path, zone: Path) -> Any:
    now_s = float(case.get("now", _NOW_S))
    request = ScanRequest(
        address=ip_address(case.get("ip", "198.51.100.7")),
        helo=case.get("helo", "client.foreign.example"),
        mail_from=case.get("from", "stranger@foreign.example"),
        recipients=tuple(case.get("to", ["ann@corp.example"])),
        auth_user=case.get("user", ""),
    )
    with scan_parts(config, zone, now_s=now_s) as parts:
        return [scan_stored(letter(case), request, parts, now_s=now_s) for _ in range(int(case.get("times", 1)))][-1]


@pytest.mark.parametrize(("folder", "case"), _cases())
def test_rule(folder: Path, case: dict[str, Any], tmp_path: Path) -> None:
    zone = tmp_path / "zone.yaml"
    zone.write_text(yaml.safe_dump(case.get("zone") or {}))
    scanned = _scan(case, _configuration(tmp_path, folder, case.get("config") or {}), zone)
    expect = dict(case["expect"])
    transaction, plan = scanned.transaction, scanned.transaction.plan
    matches = [*scanned.recipient_matches, *transaction.rules.matches]
    enforced = [match for match in matches if not match.error]
    found: dict[str, Any] = {
        "matched": bool(enforced),
        "refused": {address: reply.code for address, reply in scanned.refused.items()},
        "reply": plan.reply.code if plan.reply else None,
        "actions": sorted({kind_of(action) for match in enforced for action in match.taken}),
        "not_taken": sorted({kind_of(each.action) for match in enforced for each in match.refused}),
        "verdict": transaction.decision.verdict.value,
        "tags": sorted(transaction.rules.tags),
        "score": sum(transaction.rules.points.values()),
        "recipients": sorted(_recipients(transaction)),
        "errors": sorted(match.error for match in matches if match.error),
    }
    if "error" in expect:
        wanted = expect.pop("error")
        assert any(wanted in error for error in found["errors"]), found
    delivered = delivered_message(transaction, plan)
    if "headers" in expect:
        _check_headers(delivered, expect.pop("headers"))
    if expect.pop("unchanged", False):
        plain = _scan(case, _configuration(tmp_path, None, case.get("config") or {}), zone)
        assert delivered == delivered_message(plain.transaction, plain.transaction.plan)
    for key, value in expect.items():
        wanted = sorted(value) if key in {"actions", "not_taken", "tags", "recipients"} else value
        assert found[key] == wanted, (key, found)


def _check_headers(delivered: bytes, wanted: dict[str, Any]) -> None:
    message = BytesParser(policy=policy.default).parsebytes(delivered)
    for name, value in wanted.items():
        values = [str(each) for each in message.get_all(name, [])]
        expected = [] if value is None else [value] if isinstance(value, str) else value
        assert values == expected, (name, values)


def _recipients(transaction: Any) -> set[str]:
    plan = transaction.plan
    if plan.reply is not None or plan.discards:
        return set()
    came = {recipient.address.text for recipient in transaction.recipients} - set(plan.dropped_recipients)
    return came | set(plan.new_recipients) | set(plan.silent_recipients)


def test_every_rule_of_the_list_is_here() -> None:
    assert len(_FOLDERS) >= 26
