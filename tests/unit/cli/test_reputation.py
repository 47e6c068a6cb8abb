# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from postward.cli.main import postward
from postward.errors import TemporaryFailure, UsageError
from postward.model.reputation import Correspondence, Evidence
from postward.reputation.identity_text import parse_identity
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.mailhost.scratch import Scratch
from tests.redis_servers.single import SingleRedis
from tests.unit.cli.separate_output import command_runner

PATIENT = CallBounds(wait_s=20, hold_s=20)
KNOWN = {
    "all": Evidence(good=800, bad=200, seen=1_100),
    "ip:192.0.2.1": Evidence(good=5, bad=95, hard=3, seen=110),
    "net:192.0.2.0/24": Evidence(good=400, bad=100, seen=510),
    "from:good.example": Evidence(good=300, seen=310),
    "dkim:good.example": Evidence(good=280, seen=290),
    "login:ann": Evidence(good=3, bad=40, seen=43),
}
PAIR = Correspondence("ann@corp.example", "joe@good.example")


@pytest.fixture(scope="module")
def server():
    with Scratch() as folder, SingleRedis(folder) as running:
        yield running


@pytest.fixture
def records(server):
    """The store of an empty server; close or flush it for others to see what was added."""
    server.ask("FLUSHALL")
    calls = TimedCalls(server.target, PATIENT)
    yield RedisReputation(calls)
    calls.close()


@pytest.fixture
def filled(records):
    records.add({parse_identity(text): evidence for text, evidence in KNOWN.items()})
    records.note([PAIR])
    records.flush()
    return records


@pytest.fixture
def run(server, tmp_path):
    config = tmp_path / "postward.yaml"
    table = tmp_path / "asn.tsv"
    table.write_text("198.51.100.0\t198.51.100.255\t64500\n")
    config.write_text(f"state_dir: {tmp_path}\nredis: {{url: '{server.url}'}}\nreputation: {{asn_table: {table}}}\n")

    def reputation(command: str, *arguments: object, given: bytes | str | None = None):
        words = ["reputation", command, "--config", str(config), *map(str, arguments)]
        result = command_runner().invoke(postward, words, input=given)
        if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return reputation


@pytest.mark.usefixtures("filled")
class TestShow:
    def test_the_estimate_is_explained_level_by_level(self, run):
        result = run("show", "192.0.2.1")
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[0] == "ip:192.0.2.1"
        assert "110 messages seen since" in lines[2]
        levels = [line.strip().partition(":")[0] for line in lines[5:] if line.endswith(" %")]
        assert levels == ["everybody", "network 192.0.2.0/24", "address 192.0.2.1"]
        assert any("5.0 good, 95.0 bad, 3.0 grave" in line for line in lines)

    def test_of_a_domain_all_is_told_that_is_known_by_that_name(self, run):
        result = run("show", "Good.example")
        heads = [line for line in result.stdout.splitlines() if line.endswith(":good.example")]
        assert (heads, result.exit_code) == (["from:good.example", "dkim:good.example"], 0)

    def test_of_a_stranger_it_is_told_what_is_expected_there_and_the_status_is_1(self, run):
        result = run("show", "192.0.2.99")
        assert result.exit_code == 1
        assert "no message of its own was seen" in result.stdout
        assert "network 192.0.2.0/24" in result.stdout

    def test_a_table_of_autonomous_systems_is_made_use_of(self, run):
        assert "autonomous system 64500" in run("show", "198.51.100.7").stdout

    def test_json_has_all_of_it(self, run):
        report = json.loads(run("show", "login:ann", "--json").stdout)
        (ann,) = report["identities"]
        assert (ann["kind"], ann["name"]) == ("login", "ann")
        assert ann["fast"]["bad"] == pytest.approx(40, rel=0.1)
        assert ann["bad_percent"] > 50
        assert [level["kind"] for level in ann["levels"]] == ["all", "login"]
        assert ann["levels"][0]["record"]["seen"] == 1_100

    def test_what_is_no_identity_is_told_as_such(self, run):
        with pytest.raises(UsageError, match=r"'ip:\\x1b\[2J' is no IP address"):
            run("show", "ip:\x1b[2J")


@pytest.mark.usefixtures("filled")
class TestTop:
    def test_the_worst_come_first(self, run):
        lines = run("top", "-n", 2).stdout.splitlines()
        assert lines[0].split()[:2] == ["IDENTITY", "BAD"]
        assert [line.split()[0] for line in lines[1:]] == ["ip:192.0.2.1", "login:ann"]

    @pytest.mark.parametrize(
        ("arguments", "first"),
        [
            (("--best",), "from:good.example"),
            (("--busiest",), "net:192.0.2.0/24"),
            (("--kind", "dkim"), "dkim:good.example"),
            (("--kind", "network", "--worst"), "net:192.0.2.0/24"),
        ],
    )
    def test_by_what_is_asked_for(self, run, arguments, first):
        report = json.loads(run("top", "--json", *arguments).stdout)
        best = report["identities"][0]
        assert f"{best['kind']}:{best['name']}" == first

    def test_a_long_name_stands_there_as_a_whole_for_other_commands_to_take(self, run, filled):
        name = "pair:newsletter-of-the-month@mail.shop.example/2001:db8:1:2:3:4:5:6"
        filled.add({parse_identity(name): Evidence(bad=50, seen=50)})
        filled.flush()
        assert run("top", "--kind", "pair").stdout.splitlines()[1].split()[0] == name

    def test_of_a_kind_of_which_there_is_none_the_status_is_1(self, run):
        result = run("top", "--kind", "asn")
        assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.usefixtures("filled")
class TestHistory:
    def test_a_day_has_a_line(self, run):
        result = run("history", "login:ann")
        lines = result.stdout.splitlines()
        assert (result.exit_code, lines[0], len(lines)) == (0, "login:ann", 3)
        assert lines[2].split()[1:5] == ["43", "3.0", "40.0", "0.0"]
        (ann,) = json.loads(run("history", "login:ann", "--json").stdout)["identities"]
        assert (ann["identity"], ann["days"][0]["seen"]) == ("login:ann", 43.0)

    def test_where_none_is_kept_the_status_is_1(self, run):
        result = run("history", "login:joe")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "no history is kept of login:joe" in result.stderr


class TestForget:
    def test_it_asks_and_a_no_changes_nothing(self, run, filled):
        result = run("forget", "192.0.2.1", given="n\n")
        assert result.exit_code == 1
        assert "Forget all that is known of ip:192.0.2.1?" in result.stdout
        assert run("show", "192.0.2.1").exit_code == 0
        assert filled.fetch([parse_identity("ip:192.0.2.1")]).standings

    def test_it_forgets_the_one_and_nobody_else(self, run, filled):
        assert run("forget", "192.0.2.1", "--yes").stdout == "ip:192.0.2.1 is forgotten\n"
        left = [text for text in KNOWN if filled.fetch([parse_identity(text)]).standings]
        assert left == [text for text in KNOWN if text != "ip:192.0.2.1"]
        assert run("forget", "192.0.2.1", "--yes").exit_code == 1

    @pytest.mark.usefixtures("filled")
    def test_what_may_be_several_is_not_forgotten(self, run):
        with pytest.raises(UsageError, match="may be several"):
            run("forget", "good.example", "--yes")


class TestTransfer:
    def test_all_goes_to_a_file_and_back(self, run, filled, server, tmp_path):
        file = tmp_path / "all.jsonl"
        result = run("export", file)
        assert (result.exit_code, result.stdout) == (0, "")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
        before = {text: filled.fetch([parse_identity(text)]).standings for text in KNOWN}
        server.ask("FLUSHALL")
        for _ in range(2):
            assert run("import", file).exit_code == 0
        after = filled.fetch([parse_identity(text) for text in KNOWN], [PAIR])
        assert {str(identity) for identity in after.standings} == set(KNOWN)
        ip = parse_identity("ip:192.0.2.1")
        assert after.standings[ip].slow.bad == pytest.approx(before["ip:192.0.2.1"][ip].slow.bad, rel=1e-3)
        assert after.correspondences == {PAIR}
        assert run("history", "login:ann").exit_code == 0

    @pytest.mark.usefixtures("filled")
    def test_standard_output_and_input_do_as_well(self, run, server):
        exported = run("export")
        assert exported.stdout.splitlines()[0] == '{"format":"postward-reputation","version":1}'
        server.ask("FLUSHALL")
        assert "entries are put back" in run("import", "-", given=exported.stdout).stderr
        assert run("show", "192.0.2.1").exit_code == 0

    @pytest.mark.usefixtures("records")
    def test_lines_that_make_no_sense_are_told_and_the_status_is_1(self, run):
        result = run("import", "-", given='{"format":"postward-reputation","version":1}\n{"tag":"x"}\n')
        assert result.exit_code == 1
        assert "line 2: the tag is none of an identity" in result.stderr

    @pytest.mark.usefixtures("records")
    def test_another_file_is_refused(self, run, tmp_path):
        with pytest.raises(UsageError, match="this is no file that"):
            run("import", "-", given="From: joe@example.org\n")
        with pytest.raises(UsageError, match="No such file"):
            run("import", tmp_path / "absent")
        with pytest.raises(UsageError, match="No such file"):
            run("export", tmp_path / "absent" / "file")

    @pytest.mark.usefixtures("filled")
    def test_what_is_no_file_is_written_to_and_not_replaced(self, run):
        assert run("export", "/dev/null").exit_code == 0
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_where_redis_does_not_answer_the_caller_may_try_again(tmp_path, server):
    config = tmp_path / "postward.yaml"
    config.write_text("redis: {url: 'redis://127.0.0.1:1/0'}\n")
    file = tmp_path / "kept"
    file.write_text("as it was")
    for words in (["show", "all"], ["top"], ["export", str(file)], ["forget", "all", "--yes"]):
        result = command_runner().invoke(postward, ["reputation", *words, "--config", str(config)])
        assert isinstance(result.exception, TemporaryFailure)
    assert file.read_text() == "as it was"


def test_without_redis_there_is_nothing(tmp_path):
    config = tmp_path / "postward.yaml"
    config.write_text("redis: {url: null}\n")
    result = command_runner().invoke(postward, ["reputation", "top", "--config", str(config)])
    assert isinstance(result.exception, UsageError)
    assert "set redis.url" in str(result.exception)
