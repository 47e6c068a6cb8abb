# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/quotas.md: its limits, its commands and its answers are those that Postward has."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from click.testing import CliRunner

from postward.actions.quota_decision import with_excess
from postward.app.quota_report import limits_of, parse_subject
from postward.cli.main import postward
from postward.config import load
from postward.model.quota import QuotaExcess, QuotaSubject, QuotaUnit
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.model.verdict import Decision, Verdict
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.docs.command_lines import command_lines
from tests.docs.pages import blocks, text_of
from tests.mailhost.scratch import Scratch
from tests.redis_servers.single import SingleRedis

PAGE = "docs/quotas.md"
(EXAMPLE,) = (block.text for block in blocks(PAGE) if block.kind == "yaml")
HAM = Decision(verdict=Verdict.HAM, reason="")


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text(EXAMPLE)
    return load(path)


@pytest.mark.parametrize(
    ("whose", "limits"),
    [
        ("login:ann@example.com", QuotaLimits(messages_per_hour=100, recipients_per_day=1_000, burst=50)),
        ("login:newsletter@example.com", QuotaLimits(messages_per_hour=5_000, burst=50)),
        ("tenant:example.com", QuotaLimits(messages_per_day=20_000)),
        ("tenant:new.example", QuotaLimits(messages_per_day=112)),
        ("client:192.0.2.1", QuotaLimits(messages_per_hour=500, concurrent=20)),
        ("client:198.51.100.9", QuotaLimits(messages_per_hour=2_000, concurrent=20)),
        ("network:192.0.2.0/24", QuotaLimits(messages_per_hour=2_000)),
        ("network:198.51.100.0/24", QuotaLimits()),
        ("recipient_domain:example.net", QuotaLimits(messages_per_hour=10_000)),
        ("recipient_domain:slow.example", QuotaLimits(messages_per_hour=10_000, recipients_per_hour=200)),
    ],
)
def test_limits_of_the_example(config, whose, limits):
    third_day_s = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC).timestamp()
    assert limits_of(config, parse_subject(whose), third_day_s) == limits


def test_its_commands_and_what_show_prints():
    shown = next(block.text for block in blocks(PAGE) if block.kind == "text" and "quota show" in block.text)
    commands = [words for block in blocks(PAGE) if block.kind == "sh" for words in command_lines(block.text)]
    assert len(commands) == 5
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        path = folder / "postward.yaml"
        path.write_text(f"redis: {{url: '{server.url}'}}\n{EXAMPLE}")
        calls = TimedCalls(server.target, CallBounds(wait_s=20, hold_s=20))
        quotas = RedisQuotas(calls)
        limits = limits_of(load(path), parse_subject("login:alice@example.com"), 0)
        for number, recipients in enumerate((1, 1, 3)):
            send(quotas, asking("login:alice@example.com", limits, recipients), f"lease {number}")
        send(quotas, asking("tenant:example.com", QuotaLimits(messages_per_day=9), 1), "lease")
        calls.close()
        printed = {}
        for words in commands:
            result = CliRunner().invoke(postward, [*words, "--config", str(path)])
            assert (words, result.exit_code) == (words, 0)
            printed[" ".join(words)] = result.stdout
    line, _, text = shown.partition("\n")
    assert printed[line.removeprefix("$ postward ")] == text


def asking(whose, limits, recipients):
    sending = parse_subject(whose)
    return QuotaRequest(subject=sending.subject, name=sending.name, recipients=recipients, limits=limits)


def send(quotas, request, lease):
    assert quotas.begin(lease, [request], lease_s=60) == (None,)
    quotas.end([QuotaEnding(request=request, lease=lease, is_counted=True)], lease_s=60)


def test_answers_are_those_that_clients_see():
    table = re.findall(r"^\| `((?:451|554) [^`]+)` \|", text_of(PAGE), re.MULTILINE)
    assert len(table) == 7
    assert set(table) <= set(answers())


def answers():
    for subject in QuotaSubject:
        for unit in QuotaUnit:
            for wait_s in (0, 1_000, 3_660, 90_000):
                for limit in (50, 100, 1_000):
                    for rejects, is_permanent in ((False, False), (True, False), (False, True)):
                        excess = QuotaExcess(
                            subject=subject, name="x", unit=unit, limit=limit, used=limit, retry_after_s=wait_s,
                            is_permanent=is_permanent,
                        )  # fmt: skip
                        reply = with_excess(HAM, excess, rejects=rejects).reply
                        yield f"{reply.code} {reply.enhanced} {reply.text}"
