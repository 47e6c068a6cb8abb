# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a message through a worker, on one thread: everything but libmilter, with a stopwatch at each stage."""

from __future__ import annotations

import itertools
import os
import socket
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from postward.actions.plan import make_plan
from postward.app.compose import enabled_checks, message_lookup
from postward.app.outbound import load_own_keys, plan_stages
from postward.app.settings import dns_settings, mta_settings, origin_settings, pipeline_settings
from postward.checks.sender import SenderCheck
from postward.directory.directory import Directory
from postward.dns.cares import CaresResolver
from postward.mta.census import Census
from postward.mta.engine import Outcome
from postward.mta.judging import Judgement
from postward.mta.service import Service
from postward.mta.session import Session
from postward.mta.worker import body_source
from postward.observability.channel import Channel
from postward.observability.logger import EventLog
from postward.observability.message_event import MessageEventSettings
from postward.observability.message_reporting import MessageReporting
from postward.observability.metrics import WorkerMetrics
from postward.pipeline.engine import PipelineEngine
from postward.pipeline.evaluation import Pipeline
from postward.pipeline.prefetching import Prefetching
from postward.scoring.catalogue import SYMBOLS
from postward.scoring.weighing import weigh
from tests.bench.stopwatch import Stopwatch, TimedCheck

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.dns.statistics import DnsStatistics
    from postward.model.envelope import Recipient
    from postward.model.transaction import Transaction
    from tests.bench.told_message import ToldMessage

_ALL_ACTIONS, _ALL_STEPS = 0x1FF, 0x1FFFFF
_STARTED = itertools.count()


class MtaStub:
    """Stands for pymilter's context: has the macros, and takes all changes."""

    def getsymval(self, name: str) -> str:
        return "4QBENCHzL" if name == "i" else ""

    def setsymlist(self, *_arguments: object) -> None:
        pass

    def addheader(self, *_arguments: object) -> None:
        pass

    def chgheader(self, *_arguments: object) -> None:
        pass

    def setreply(self, *_arguments: object) -> None:
        pass

    def quarantine(self, *_arguments: object) -> None:
        pass


class InProcess:
    """Puts messages through; to be closed."""

    def __init__(self, config: Configuration, watch: Stopwatch) -> None:
        self.watch = watch
        self._limits = mta_settings(config).limits
        self._log_fd = os.open(os.devnull, os.O_WRONLY)
        self._log = EventLog(fd=self._log_fd)
        self._settings = pipeline_settings(config)
        directory = Directory()
        checks = [TimedCheck(check, self.watch) for check in enabled_checks(config, SenderCheck(directory))]
        self.resolver = CaresResolver(dns_settings(config))
        self._collector, sending = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        metrics = WorkerMetrics({"symbol": frozenset(SYMBOLS)})
        self._reporting = MessageReporting(
            MessageEventSettings(), self._log, Channel(sending, metrics, self._log), metrics
        )
        self.engine = PipelineEngine(
            Pipeline(self._settings, checks, mark=None, stages=plan_stages(config, load_own_keys(config), directory)),
            Prefetching(self.resolver, self.resolver.prefetch, origin_settings(config)),
            make_lookup=partial(message_lookup, self.resolver, config),
            report=self._reporting.report,
            report_refusal=self._reporting.report_refusal,
            close=self.resolver.close,
        )

    def close(self) -> None:
        """End its threads."""
        self.engine.close()
        self._collector.close()
        self._reporting.close(0.0)
        os.close(self._log_fd)

    @property
    def dns(self) -> DnsStatistics:
        """What the resolver has counted."""
        return self.resolver.statistics()

    def put_through(self, told: ToldMessage) -> None:
        """Play one session with one message."""
        ctx: Any = MtaStub()
        stage, message = self.watch.stage, told.message
        with stage("connect"):
            session = Session(self._service())
            session.negotiate(ctx, [_ALL_ACTIONS, _ALL_STEPS, 0, 0])
            session.connect(ctx, message.client_name, socket.AF_INET, (message.client, 4025))
        with stage("mail"):
            session.helo(ctx, message.helo)
            session.mail(ctx, f"<{message.mail_from}>".encode())
            session.rcpt(ctx, b"<user@local.test>")
        with stage("headers"):
            for name, value in told.fields:
                session.header(ctx, name, value)
        with stage("body"):
            for chunk in told.chunks:
                session.body(ctx, chunk)
        with stage("end"):
            session.end(ctx)
        session.close()

    def _service(self) -> Service:
        everything: Any = self
        return Service(
            engine=self.engine,
            judge=everything,
            reception=everything,
            afterwards=everything,
            census=Census(time.monotonic),
            limits=self._limits,
            log=self._log,
            new_id=lambda: str(next(_STARTED)),
            new_body=body_source(self._limits),
            clock=time.time,
        )

    def reply_to(self, _transaction: Transaction, _recipient: Recipient) -> None:
        """Stand for ``mta.reception.Reception``, which has nobody to ask as shipped."""

    def judge(self, transaction: Transaction, _ctx: object) -> Judgement:
        """Stand for ``mta.judging.Judge``, without another thread."""
        with self.watch.stage("evaluation"):
            self.engine.evaluate(transaction)
        # What the pipeline does in one go, once more by itself.
        with self.watch.stage("score"):
            weigh(transaction.facts, self._settings.scale)
        decision, plan = transaction.decision, transaction.plan
        assert decision is not None
        assert plan is not None
        with self.watch.stage("plan"):
            make_plan(transaction, decision, self._settings.output, None)
        return Judgement(transaction=transaction, plan=plan, outcome=Outcome.EVALUATED)

    def add(self, transaction: Transaction, outcome: Outcome, reply: str) -> None:
        """Stand for ``mta.afterwards.Afterwards``."""
        with self.watch.stage("reporting"):
            self.engine.finished(transaction, outcome, reply)
