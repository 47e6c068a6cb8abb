# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that an operator asks a running filter with."""

from __future__ import annotations

import json
import time
import urllib.request

from tests.mailhost.letters import forged_from, genuine
from tests.mailhost.unprivileged import USER


def _run(host, *arguments):
    command, *rest = arguments
    return host.postward.run(command, "--config", str(host.postward.configuration), *rest)


def _deliver(host, letter):
    recipient = host.new_recipient()
    queue_id = host.send(letter, recipient).rpartition(" ")[2]
    host.postfix.mailbox.wait_for(recipient)
    host.postward.log_line(queue_id)
    return queue_id


def test_why_tells_what_was_decided_and_from_what(host):
    queue_id = _deliver(host, forged_from(host.world))
    (event,) = json.loads(host.postward.wait_for_answer("why", "--json", queue_id))["events"]
    assert event["verdict"] == "junk"
    assert event["dmarc"] == "fail"
    assert queue_id in _run(host, "why", queue_id).stdout


def test_why_of_an_unknown_message(host):
    _deliver(host, genuine(host.world))
    assert _run(host, "why", "nothing-like-that").returncode == 1


def test_status_is_well(host):
    host.postward.wait_for_status(lambda status: status["state"] == "serving")
    done = _run(host, "status", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["healthy"]


def test_check_finds_no_fault(host):
    """Run as root, it tries the socket as Postfix's account would."""
    done = host.postward.run(
        "check", "--config", str(host.postward.configuration), "--postconf-dir", str(host.postfix.config),
        "--user", USER, user="root",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_check_names_file_and_line_of_every_fault(host):
    faulty = host.root / "faulty.yaml"
    faulty.write_text("mode: enforce\nnonsense: 1\ndns:\n  timeout_s: soon\n")
    faulty.chmod(0o644)
    done = host.postward.run("check", "--config-only", "--config", str(faulty))
    assert done.returncode == 2
    assert f"{faulty}:2:" in done.stdout + done.stderr
    assert f"{faulty}:4:" in done.stdout + done.stderr


def test_metrics_add_up_all_workers(host):
    before = _messages_total(host)
    for _ in range(6):
        _deliver(host, genuine(host.world))
    assert _messages_total(host, at_least=before + 6) == before + 6


def _messages_total(host, *, at_least=0, timeout_s=20):
    """The workers report now and then, so the number is asked for until it is reached."""
    deadline = time.monotonic() + timeout_s
    while True:
        with urllib.request.urlopen(f"http://{host.metrics_address}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        lines = [line for line in text.splitlines() if line.startswith("postward_messages_total{")]
        total = sum(float(line.rpartition(" ")[2]) for line in lines)
        if total >= at_least or time.monotonic() > deadline:
            return total
        time.sleep(0.2)
