# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker's limits, with messages as a test says, and a way to Redis that may be silent."""

from __future__ import annotations

from ipaddress import ip_address

import redis

from postward.checks.examination import Examination
from postward.dns.zone import ZoneLookup
from postward.errors import TemporaryFailure
from postward.model.action import NOTHING, Plan
from postward.model.connection import Authentication
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.quota import QuotaSubject
from postward.model.sender_rights import Permission, SenderRights
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict
from postward.observability.logger import EventLog
from postward.pipeline.quota_endings import QuotaEndings
from postward.pipeline.quota_policy import (
    Allowance,
    QuotaPolicy,
    SubjectPolicy,
)
from postward.pipeline.quota_stage import QuotaSettings, QuotaStage
from postward.store.quotas.local_quotas import LocalQuotas
from postward.store.quotas.redis_quotas import RedisQuotas

NOW_S = 1_790_000_000.0
HAM = Decision(verdict=Verdict.HAM, reason="score 0")


class Calls:
    """Calls on the thread that asks; may be told to be silent."""

    def __init__(self, url):
        self.client = redis.Redis.from_url(url)
        self.is_silent = False

    def prepare(self, script):
        self.client.script_load(script)

    def has_answered(self, *, within_s):
        return False

    def is_silent_for(self, _seconds):
        return True

    def call(self, call, *, wait_s=None, insists=False):
        if self.is_silent:
            raise TemporaryFailure("did not answer in time")
        return call(self.client)


class Watcher:
    def __init__(self):
        self.told = []

    def exceeded(self, _transaction, excess):
        self.told.append((excess.subject, excess.unit))


class Host:
    """Stages that share a Redis, each as in a worker of its own; messages on their way through them."""

    def __init__(self, calls):
        self.calls = calls
        self.watcher = Watcher()
        self.stages = []
        self.number = 0

    def limit(self, *, workers=1, with_redis=True, again_s=0.01, rejects=False, **subjects):
        policy = QuotaPolicy(
            subjects={
                QuotaSubject(name): each
                if isinstance(each, SubjectPolicy)
                else SubjectPolicy(default=Allowance(limits=each))
                for name, each in subjects.items()
            }
        )
        for _ in range(workers):
            store = RedisQuotas(self.calls) if with_redis else None
            endings = QuotaEndings(store, EventLog(), lease_s=60, again_s=again_s) if store else None
            self.stages.append(
                QuotaStage(
                    policy,
                    QuotaSettings(lease_s=60, rejects=rejects),
                    store=store,
                    local=LocalQuotas(workers),
                    endings=endings,
                    watcher=self.watcher,
                    wall_clock=lambda: NOW_S,
                )
            )
        return self

    def message(
        self, *, user="", client="203.0.113.9", direction=None, recipients=("bob@example.net",), tenant="",
        sender="alice@example.com", known=None,
    ):  # fmt: skip
        self.number += 1
        message = Transaction(f"t{self.number}", started_s=0)
        message.sender = Sender(address=EnvelopeAddress(sender))
        message.recipients.extend(Recipient(address=EnvelopeAddress(recipient)) for recipient in recipients)
        message.authentication = Authentication(user=user)
        direction = direction or (Direction.OUTBOUND if user else Direction.INBOUND)
        message.origin = Origin(direction=direction, reason="r", client=ip_address(client), helo="")
        message.facts.reputation = known
        if tenant:
            message.facts.sender_rights = SenderRights(
                envelope=Permission.ALLOWED, header_from=Permission.ALLOWED, tenant=tenant
            )
        return message

    def judge(self, message, *, decision=HAM, worker=0):
        self.stages[worker].enter(message)
        message.decision = self.stages[worker].judge(message, decision, Examination(message, ZoneLookup({}), NOW_S))
        return message

    def finish(self, message, *, worker=0, outcome="evaluated", plan=None):
        if outcome == "evaluated":
            message.plan = plan or (NOTHING if message.decision.reply is None else Plan(reply=message.decision.reply))
        self.stages[worker].finished(message, outcome)
        for stage in self.stages:
            self.wait_for(stage)
        return message

    def wait_for(self, stage):
        """Until Redis has been told, where it answers."""
        if stage._endings is not None and not self.calls.is_silent:
            stage._endings.close()
            stage._endings = QuotaEndings(RedisQuotas(self.calls), EventLog(), lease_s=60, again_s=0.01)

    def send(self, *, worker=0, plan=None, outcome="evaluated", **message):
        return self.finish(
            self.judge(self.message(**message), worker=worker), worker=worker, plan=plan, outcome=outcome
        ).decision

    def sent(self, most=100, **message):
        """How many go through."""
        return next((number for number in range(most) if self.send(**message) is not HAM), most)
