# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

from postward.model.action import Reply
from postward.model.envelope import EnvelopeAddress, Recipient
from postward.observability.channel import Channel, open_channel
from postward.observability.families import DNS_CACHE_HITS
from postward.observability.logger import EventLog
from postward.observability.message_event import MessageEventSettings
from postward.observability.message_reporting import MessageReporting
from postward.observability.metrics import WorkerMetrics
from postward.observability.wire import decode_report


def test_a_refused_recipient_is_logged_and_counted(bare, tmp_path):
    receiving, sending = open_channel()
    fd = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    log, metrics = EventLog(fd=fd), WorkerMetrics()
    reporting = MessageReporting(MessageEventSettings(), log, Channel(sending, metrics, log), metrics)
    reply = Reply(code=451, enhanced="4.3.0", text="Try again")
    reporting.report_refusal(bare, Recipient(address=EnvelopeAddress("a\nb@example.net")), reply)
    counted = dict(metrics.take())
    reporting.close()
    os.close(fd)
    sending.close()
    receiving.close()
    assert counted["postward_recipients_refused_total", ("temporary",)] == 1
    line = (tmp_path / "log").read_text()
    assert 'event=recipient.refused id=18c.2a.1 client=192.0.2.1 from=joe@example.com rcpt="a\\nb@example.net"' in line
    assert 'reply="451 4.3.0 Try again"' in line


def test_a_message_is_logged_stored_and_counted(judged, tmp_path):
    receiving, sending = open_channel()
    receiving.settimeout(20)
    fd = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    log, metrics = EventLog(fd=fd), WorkerMetrics()
    reporting = MessageReporting(
        MessageEventSettings(),
        log,
        Channel(sending, metrics, log),
        metrics,
        sources=[lambda: metrics.raise_to(DNS_CACHE_HITS, 12)],
        clock=lambda: 1_700_000_000.5,
    )
    reporting.report(judged, "evaluated", "accept")
    reporting.close()
    os.close(fd)
    sending.close()

    reports = []
    while datagram := receiving.recv(100_000):
        reports.append(decode_report(datagram))
    receiving.close()
    (stored,) = [line for report in reports for line in report.events]
    counted = {series for report in reports for series in report.delta}
    assert "event=message.verdict id=18c.2a.1" in (tmp_path / "log").read_text()
    assert '"qid":"4ZxYab12cd"' in stored
    assert {("postward_messages_total", ("junk",)), ("postward_dns_cache_hits_total", ())} <= counted


def test_each_rule_that_matched_is_logged_and_stored_before_its_message(ruled, tmp_path):
    receiving, sending = open_channel()
    receiving.settimeout(20)
    fd = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    log, metrics = EventLog(fd=fd), WorkerMetrics({"rule": frozenset({"external"})})
    reporting = MessageReporting(MessageEventSettings(), log, Channel(sending, metrics, log), metrics)
    reporting.report(ruled, "evaluated", "accept")
    reporting.close()
    os.close(fd)
    sending.close()
    reports = []
    while datagram := receiving.recv(100_000):
        reports.append(decode_report(datagram))
    receiving.close()
    names = [json.loads(line)["event"] for report in reports for line in report.events]
    assert names == ["rule.matched"] * 3 + ["message.verdict"]
    logged = (tmp_path / "log").read_text().splitlines()
    assert [" event=rule.matched " in line for line in logged] == [True, True, True, False]
    assert ("postward_rule_matches_total", ("external", "enforce")) in {
        series for report in reports for series in report.delta
    }
