# SPDX-License-Identifier: GPL-3.0-or-later
"""A milter server whose engine does what the message's Subject says: started by the tests as a program.

    trial.py LISTEN CONFIGURATION

CONFIGURATION is a JSON file with workers, user, stop_timeout_s, any of MtaSettings, redis (any of ManagedRedisSettings;
without it there is none), and wishes (answers_recipients: a
recipient refuse-550@... is refused so, sleep-1@... takes a second, raise@... raises; sheds: too busy for the sender
busy-mail@... at MAIL, for the recipient busy@... at RCPT, and for the message of busy-end@...; changes_envelope;
changes_body);
``{"broken": "why"}`` is one that is refused.  Each finished message is told as one JSON line on standard output.
"""

from __future__ import annotations

import json
import os
import re
import select
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from postward.errors import ConfigError, ConfigErrors
from postward.model.action import AddHeader, HeaderChange, Hold, Plan, RemoveHeader, Reply
from postward.model.load import SheddingStage
from postward.model.not_remembered import NOT_REMEMBERED
from postward.mta.managed_redis.settings import ManagedRedisSettings
from postward.mta.settings import FailureAction, ListenSettings, MessageLimits, MtaSettings
from postward.mta.supervisor import SupervisorOptions, run_supervisor
from postward.observability.collector_settings import CollectorSettings, MetricsAddress
from postward.observability.logger import EventLog
from postward.observability.wire import decode_report

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from postward.model.envelope import Recipient
    from postward.model.header import HeaderField
    from postward.model.load import Load
    from postward.model.not_remembered import NotRemembered
    from postward.model.transaction import Transaction

CATASTROPHE = re.compile(r"(a+)+b")
FINISHED = b"finished"
BUSY = Reply(code=451, enhanced="4.7.1", text="Too busy")
JUDGED = AddHeader(name="X-Judged", value=b"yes")


def removals_of(transaction: Transaction, key: bytes) -> tuple[RemoveHeader, ...]:
    positions = transaction.headers.indexes(key)
    return tuple(
        RemoveHeader(name=transaction.headers[position].name, occurrence=number, position=position)
        for number, position in enumerate(positions, 1)
    )


class TrialShedding:
    """Too busy where the addresses say so."""

    def is_ours(self, transaction: Transaction) -> bool:
        return bool(transaction.authentication.user)

    def client_known(self, transaction: Transaction, load: Load) -> None:
        pass

    def refusal(
        self, stage: SheddingStage, transaction: Transaction, recipients: Sequence[Recipient], load: Load
    ) -> Reply | None:
        is_busy = (
            transaction.sender.address.local_part == f"busy-{stage.value}"
            if stage is not SheddingStage.RCPT
            else recipients[0].address.local_part == "busy"
        )
        return BUSY if is_busy else None

    def tell(self, load: Load) -> None:
        pass


class TrialEngine:
    def __init__(self, index: int, channel: socket.socket, wishes: list[str]) -> None:
        self.shedding = TrialShedding() if "sheds" in wishes else None
        self.answers_recipients = "answers_recipients" in wishes
        self.changes_envelope = "changes_envelope" in wishes
        self.changes_body = "changes_body" in wishes
        self.index = index
        self.channel = channel
        self.hooks: dict[str, list[str]] = {}
        self.bodies: dict[str, bytes] = {}

    def _hook(self, transaction: Transaction, name: str) -> None:
        self.hooks.setdefault(transaction.id, []).append(name)

    def connected(self, transaction: Transaction) -> None:
        self._hook(transaction, "connected")

    def helo_given(self, transaction: Transaction) -> None:
        self._hook(transaction, "helo_given")

    def sender_given(self, transaction: Transaction) -> None:
        self._hook(transaction, "sender_given")
        if transaction.sender.address.text == "hook-fails@example.com":
            raise RuntimeError("this hook fails")

    def recall_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | NotRemembered | None:
        return None if recipient.address.local_part == "remembered" else NOT_REMEMBERED

    def judge_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        command, _, argument = recipient.address.local_part.partition("-")
        if command == "raise":
            raise ValueError(argument)
        if command == "sleep":
            time.sleep(float(argument))
        if command != "refuse":
            return None
        return Reply(code=int(argument), enhanced=f"{argument[0]}.1.1", text="No such recipient here")

    def unanswered_recipient(self, transaction: Transaction, recipient: Recipient) -> Reply | None:
        return None

    def recipient_refused(self, transaction: Transaction, recipient: Recipient, reply: Reply) -> None:
        told = {"refused": recipient.address.text, "code": reply.code, "thread": threading.current_thread().name}
        os.write(1, (json.dumps(told) + "\n").encode())

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        self._hook(transaction, f"field_seen {field.key.decode('latin-1')}")

    def field_unread(self, transaction: Transaction, name: bytes) -> None:
        self._hook(transaction, "field_unread")

    def evaluate(self, transaction: Transaction) -> None:
        self.bodies[transaction.id] = bytes(transaction.body)
        subject = transaction.headers.first(b"subject")
        command, _, argument = subject.value.decode("latin-1").strip().partition(" ") if subject else ("", "", "")
        getattr(self, f"do_{command.replace('-', '_')}", self.do_nothing)(transaction, argument)

    def do_nothing(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(additions=(JUDGED,))

    def do_raise(self, transaction: Transaction, argument: str) -> None:
        raise ValueError(argument)

    def do_sleep(self, transaction: Transaction, argument: str) -> None:
        time.sleep(float(argument))
        transaction.plan = Plan(additions=(JUDGED,))

    def do_hold_gil(self, transaction: Transaction, argument: str) -> None:
        CATASTROPHE.match("a" * 64)

    def do_plan_nothing(self, transaction: Transaction, argument: str) -> None:
        return

    def do_reply(self, transaction: Transaction, argument: str) -> None:
        code, enhanced, text = argument.split(" ", 2)
        transaction.plan = Plan(reply=Reply(code=int(code), enhanced=enhanced, text=text.replace("\\n", "\n")))

    def do_discard(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(discards=True, additions=(JUDGED,))

    def do_change(self, transaction: Transaction, argument: str) -> None:
        """Change the Subject, remove all fields of a name, and give another body of so many lines."""
        name, lines = argument.split(" ")
        (position,) = transaction.headers.indexes(b"subject")
        transaction.plan = Plan(
            changes=(HeaderChange(name=b"Subject", occurrence=1, position=position, value=b"[EXT]\r\n changed"),),
            removals=removals_of(transaction, name.encode()),
            additions=(JUDGED,),
            new_body=(b"x" * 98 + b"\r\n") * int(lines),
            silent_recipients=("audit@example.com",),
        )

    def do_drop(self, transaction: Transaction, argument: str) -> None:
        dropped = tuple(recipient.address.text for recipient in transaction.recipients)
        transaction.plan = Plan(discards=argument == "all", dropped_recipients=dropped[:1])

    def do_put_back(self, transaction: Transaction, argument: str) -> None:
        """Take all recipients off, and add the first of them."""
        dropped = tuple(recipient.address.text for recipient in transaction.recipients)
        transaction.plan = Plan(new_recipients=dropped[:1], dropped_recipients=dropped)

    def do_copy(self, transaction: Transaction, argument: str) -> None:
        kind, address = argument.split(" ")
        transaction.plan = Plan(**{f"{kind}_recipients": (address,)})

    def do_break_body(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(additions=(JUDGED,), new_body=b"one\ntwo\r\n")

    def do_quarantine(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(hold=Hold(reason=argument))

    def do_remove(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(removals=removals_of(transaction, argument.encode()), additions=(JUDGED,))

    def do_inject(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(additions=(replace(JUDGED, value=b"yes\r\nX-Injected: yes"),))

    def do_envelope(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(
            new_sender=argument,
            new_recipients=("archive@example.com",),
            dropped_recipients=(transaction.recipients[0].address.text,),
            additions=(replace(JUDGED, at_bottom=True),),
        )

    def do_fold(self, transaction: Transaction, argument: str) -> None:
        transaction.plan = Plan(additions=(replace(JUDGED, value=b"yes;\r\n\tfolded", index=1),))

    def fallback(self, transaction: Transaction, reason: str) -> Plan:
        if "no fallback" in reason:
            raise RuntimeError("the fallback fails too")
        return Plan(additions=(AddHeader(name="X-Not-Judged", value=reason.encode()[:200]),))

    def finished(self, transaction: Transaction, outcome: str, reply: str) -> None:
        body = self.bodies.pop(transaction.id, b"")
        told = {
            "id": transaction.id,
            "outcome": outcome,
            "reply": reply,
            "pid": os.getpid(),
            "thread": threading.current_thread().name,
            "client": str(transaction.connection.address),
            "client_name": transaction.connection.name,
            "port": transaction.connection.port,
            "mta_name": transaction.connection.mta_name,
            "daemon_name": transaction.connection.daemon_name,
            "helo": os.fsencode(transaction.helo).hex(),
            "queue_id": os.fsencode(transaction.queue_id).hex(),
            "user": os.fsencode(transaction.authentication.user).hex(),
            "sender": os.fsencode(transaction.sender.address.text).hex(),
            "arguments": transaction.sender.arguments,
            "recipients": [recipient.address.text for recipient in transaction.recipients],
            "fields": [[field.name.hex(), field.value.hex()] for field in transaction.fields],
            "body": body[:1000].hex(),
            "body_sha256": sha256(body).hexdigest(),
            "body_size": transaction.body.size_bytes,
            "hooks": self.hooks.pop(transaction.id, []),
        }
        os.write(1, (json.dumps(told) + "\n").encode())
        self._report()

    def _report(self) -> None:
        """Count one with the collector, whose channel never makes its senders wait by itself."""
        while True:
            select.select([], [self.channel], [])
            with suppress(BlockingIOError):
                self.channel.send(FINISHED)
                return

    def close(self) -> None:
        os.write(1, (json.dumps({"closed": os.getpid()}) + "\n").encode())


class TrialGeneration:
    def __init__(self, configuration: dict[str, object]) -> None:
        self.workers = configuration.get("workers", 2)
        limits = MessageLimits(**configuration.get("limits", {}))
        self.settings = MtaSettings(
            limits=limits,
            failure_action=FailureAction(configuration.get("failure_action", "accept")),
            **configuration.get("settings", {}),
        )
        self.wishes = configuration.get("wishes", [])
        self.fails_to_start = configuration.get("fails_to_start", False)
        self.fails_to_start_at = configuration.get("fails_to_start_at")
        self.waits_for = Path(configuration.get("waits_for", "/"))
        self.collector = CollectorSettings(metrics=MetricsAddress(port=configuration.get("metrics_port", 0)))
        redis = configuration.get("redis")
        self.managed_redis = ManagedRedisSettings(**redis) if redis is not None else None

    def make_engine(self, worker_index: int, channel: socket.socket) -> TrialEngine:
        if self.fails_to_start or worker_index == self.fails_to_start_at:
            while not self.waits_for.exists():
                time.sleep(0.01)
            raise RuntimeError("this engine cannot be made")
        return TrialEngine(worker_index, channel, self.wishes)


def collect(channel: socket.socket, settings: CollectorSettings) -> None:
    """Count what engines send, and tell which port settings name; what the server itself reports is passed over."""
    count, port = 0, settings.metrics.port
    while datagram := channel.recv(10_000):
        report = decode_report(datagram)
        if report is not None and report.settings is not None:
            port = report.settings.metrics.port
        count += datagram == FINISHED
        told = {"collected": count, "collector": os.getpid(), "metrics_port": port}
        os.write(1, (json.dumps(told) + "\n").encode())
    os.write(1, (json.dumps({"collector_ended": os.getpid(), "collected": count}) + "\n").encode())


def main(listen: str, configuration_path: str) -> int:
    def read() -> dict[str, object]:
        return json.loads(Path(configuration_path).read_text())

    def load() -> TrialGeneration:
        configuration = read()
        while "hangs" in configuration:
            time.sleep(1)
        if "broken" in configuration:
            raise ConfigErrors([ConfigError(configuration_path, 1, "broken", str(configuration["broken"]))])
        return TrialGeneration(configuration)

    def load_listen() -> ListenSettings:
        load()
        return ListenSettings(**read()["listen"])

    first = read()
    options = SupervisorOptions(
        listen=None if listen == "-" else ListenSettings(listen=listen),
        user=first.get("user"),
        stop_timeout_s=first.get("stop_timeout_s", 30.0),
        load_timeout_s=first.get("load_timeout_s", 120.0),
    )
    return run_supervisor(options, load_listen, load, collect, EventLog())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
