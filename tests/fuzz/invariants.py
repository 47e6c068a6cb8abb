# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds of everything that we say, whatever a stranger sent."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

from postward.app.scan_report import scan_report
from postward.cli.scan_text import scan_text
from postward.cli.why_text import why_text
from postward.mta.apply import apply_plan
from postward.observability.event import Event, LineLimits
from postward.observability.json_line import format_json
from postward.observability.logfmt import format_logfmt
from postward.observability.message_event import MessageEventSettings, message_event
from postward.observability.privacy import AddressPrivacy

if TYPE_CHECKING:
    from postward.model.action import Plan
    from postward.mta.negotiation import Negotiated

MAX_LINE_OCTETS = 998
LIMITS = LineLimits()
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class RecordedAnswers:
    """Takes what libmilter would be told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def chgheader(self, *arguments: object) -> None:
        self.told.append(arguments)

    addheader = quarantine = setreply = chgheader


def check_plan(plan: Plan, negotiated: Negotiated) -> None:
    """Our fields end where they should, and the milter takes the plan as it is."""
    for addition in plan.additions:
        lines = addition.value.split(b"\r\n")
        assert all(line[:1] in b" \t" and line.strip() for line in lines[1:]), addition
        assert all(not _CONTROL.search(line.replace(b"\t", b"")) and b"\n" not in line for line in lines), addition
        assert all(len(addition.name) + 2 + len(line) < MAX_LINE_OCTETS for line in lines), addition
        addition.value.decode("utf-8")
    apply_plan(plan, RecordedAnswers(), negotiated)


def check_event(event: Event) -> None:
    """Both forms of the log are one line that can be read, of a bounded length."""
    text, json_text = format_logfmt(event, LIMITS), format_json(event, LIMITS)
    for line in (text, json_text):
        assert line.isprintable(), line
        assert len(line.encode()) < LIMITS.max_line_bytes
    assert json.loads(json_text)["event"] == event.name


def check_screens(report: dict, event: Event) -> None:
    """What an operator sees of it on a terminal holds nothing but printable characters."""
    screen = StringIO()
    with redirect_stdout(screen):
        scan_text(report)
    stored = json.loads(format_json(event, LIMITS))
    for line in f"{screen.getvalue()}\n{why_text(stored)}".split("\n"):
        assert line.isprintable(), line


def check_transaction(transaction, pipeline, negotiated: Negotiated) -> dict:
    """All that is said of a judged message; gives what ``postward scan`` would print."""
    assert transaction.facts.not_checked == {}
    check_plan(transaction.plan, negotiated)
    results = pipeline.authentication_results(transaction)
    report = json.loads(json.dumps(scan_report(transaction, results)))
    for privacy in AddressPrivacy:
        settings = MessageEventSettings(addresses=privacy)
        event = message_event(transaction, settings, outcome="evaluated", reply="accept", now_s=1.7e9)
        check_event(event)
        check_screens(report, event)
    fallback = pipeline.fallback(transaction, "the deadline has passed")
    check_plan(fallback, negotiated)
    return report
