# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/redis.md: its commands, as they are written there, and Postward's own as the users that they make."""

from __future__ import annotations

import re
import shlex
import subprocess
from contextlib import ExitStack

import pytest
import yaml
from click.testing import CliRunner

from postward.app.diagnose.finding import Level
from postward.app.diagnose.reputation_store import check_redis
from postward.app.redis_target import redis_target
from postward.cli.main import postward
from postward.config import load
from postward.model.identity import Identity, IdentityKind
from postward.model.quota import QuotaSubject
from postward.model.quota_limits import QuotaEnding, QuotaLimits, QuotaRequest
from postward.model.reputation import Evidence
from postward.store.quotas.redis_quotas import RedisQuotas
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.docs.pages import blocks, inline_code
from tests.mailhost.scratch import Scratch
from tests.redis_servers.cluster import ClusterRedis
from tests.redis_servers.sentinel import SentinelRedis
from tests.redis_servers.single import SingleRedis

PAGE = "docs/redis.md"
LOGIN, CLIENT = Identity(IdentityKind.LOGIN, "ann"), Identity(IdentityKind.IP, "192.0.2.1")
COMMANDS = [
    "reputation show login:ann", "reputation top", "reputation history login:ann", "reputation export {file}",
    "reputation import {file}", "reputation forget 192.0.2.1 --yes", "quota show login:ann", "quota reset login:ann",
]  # fmt: skip


def making(of_sentinels):
    """The command that makes the user, on servers or on sentinels, without the name of the program."""
    lines = [line for block in blocks(PAGE) for line in block.text.splitlines() if line.startswith("redis-cli ")]
    (found,) = (line for line in lines if "ACL SETUSER" in line and ("+sentinel|" in line) == of_sentinels)
    return re.sub(r"^redis-cli( -p \d+)?", "", found)


def told(server, line):
    """What redis-cli prints."""
    command = ["redis-cli", "-p", str(server.port), *shlex.split(line)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module", params=[SingleRedis, SentinelRedis, ClusterRedis])
def group(request):
    """Servers of a kind, with the users that the page makes, and nobody else's rights on the data."""
    with ExitStack() as stack:
        running = stack.enter_context(request.param(stack.enter_context(Scratch()) / "redis"))
        for server in getattr(running, "servers", (running,)):
            assert told(server, making(of_sentinels=False)) == "OK"
        for sentinel in getattr(running, "sentinels", ()):
            assert told(sentinel, making(of_sentinels=True)) == "OK"
        yield running


@pytest.fixture
def config(group, tmp_path):
    """A configuration with these users, and passwords in files, as the page has it."""
    section = {"url": group.url.replace("://", "://postward@"), "password_file": f"{tmp_path}/password"}
    (tmp_path / "password").write_text("PASSWORD\n")
    if isinstance(group, SentinelRedis):
        section |= {"sentinel_user": "postward", "sentinel_password_file": f"{tmp_path}/sentinel-password"}
        (tmp_path / "sentinel-password").write_text("SENTINEL-PASSWORD\n")
    path = tmp_path / "postward.yaml"
    settings = {"state_dir": str(tmp_path), "redis": section, "quotas": {"login": {"messages_per_hour": 9}}}
    path.write_text(yaml.safe_dump(settings))
    return path


@pytest.fixture
def calls(config):
    calls = TimedCalls(redis_target(load(config)), CallBounds(wait_s=20, hold_s=20))
    yield calls
    calls.close()


def test_its_users_may_do_all_that_postward_does(config, calls, tmp_path):
    records = RedisReputation(calls)
    records.add({LOGIN: Evidence(bad=30, seen=30), CLIENT: Evidence(good=30, seen=30)})
    records.flush()
    records.close()
    limits = QuotaLimits(messages_per_hour=9)
    request = QuotaRequest(subject=QuotaSubject.LOGIN, name="ann", recipients=1, limits=limits)
    quotas = RedisQuotas(calls)
    assert quotas.begin("t", [request], lease_s=60) == (None,)
    quotas.end([QuotaEnding(request=request, lease="t", is_counted=True)], lease_s=60)
    for command in COMMANDS:
        words = command.format(file=tmp_path / "file").split()
        result = CliRunner().invoke(postward, [*words, "--config", str(config)])
        assert (command, result.exit_code, result.exception) == (command, 0, None)
    finding = check_redis(load(config), "root")
    assert (finding.level, finding.message) == (Level.OK, "Redis answers")


def test_another_password_is_refused_in_words(config, group, tmp_path):
    name = "sentinel-password" if isinstance(group, SentinelRedis) else "password"
    (tmp_path / name).write_text("wrong\n")
    finding = check_redis(load(config), "root")
    assert (finding.level, finding.message.partition(":")[0]) == (Level.ERROR, "Redis refuses the service")
    assert "redis.password_file" in finding.advice


def test_what_is_to_be_tried_has_it_give_no_answer(tmp_path):
    (line,) = (code for _, code in inline_code(PAGE) if code.startswith("redis-cli client pause"))
    with SingleRedis(tmp_path / "redis") as server:
        path = tmp_path / "postward.yaml"
        path.write_text(f"redis: {{url: '{server.url}'}}\n")
        assert told(server, line.removeprefix("redis-cli")) == "OK"
        assert check_redis(load(path), "root").message == "Redis gives no answer in time"
