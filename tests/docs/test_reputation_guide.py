# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reputation-commands.md: what its example shows, and each command of its table, by a real server."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from postward.cli.main import postward
from postward.model.reputation import Evidence
from postward.reputation.identity_text import KIND_WORDS, identities_meant, parse_identity
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import CallBounds, TimedCalls
from tests.docs.pages import blocks, inline_code, text_of
from tests.mailhost.scratch import Scratch
from tests.redis_servers.single import SingleRedis

PAGE = "docs/reputation-commands.md"
KNOWN = {
    "all": Evidence(good=8_450, bad=1_520, seen=11_000),
    "net:192.0.2.0/24": Evidence(good=61, bad=44, seen=130),
    "ip:192.0.2.1": Evidence(good=2, bad=41, hard=3, seen=47),
    "login:ann": Evidence(good=5, seen=5),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")


@pytest.fixture(scope="module")
def run():
    """Gives what a command of Postward's does where ``KNOWN`` is known."""
    with Scratch() as folder, SingleRedis(folder / "redis") as server:
        calls = TimedCalls(server.target, CallBounds(wait_s=20, hold_s=20))
        records = RedisReputation(calls)
        records.add({parse_identity(text): evidence for text, evidence in KNOWN.items()})
        records.flush()
        records.close()
        calls.close()
        config = folder / "postward.yaml"
        config.write_text(f"state_dir: {folder}\nredis: {{url: '{server.url}'}}\n")

        def command(words):
            return CliRunner().invoke(postward, [*words, "--config", str(config)])

        yield command


def test_the_example_is_what_is_printed(run):
    (block,) = (block for block in blocks(PAGE) if block.kind == "text")
    line, _, shown = block.text.partition("\n")
    result = run(line.removeprefix("$ postward ").split())
    assert MOMENT.sub("MOMENT", result.stdout) == MOMENT.sub("MOMENT", shown)


def test_the_commands_of_the_table_are_taken(run, tmp_path):
    table = text_of(PAGE).partition("## IDs")[0]
    commands = [
        code.removeprefix("postward ").split() for _, code in inline_code(PAGE)
        if code.startswith("postward reputation ") and f"`{code}`" in table
    ]  # fmt: skip
    assert {words[1] for words in commands} == {"show", "top", "history", "forget", "export", "import"}
    options = re.findall(
        r"`(--\w+|-n|--kind KIND)`", table.partition("| see since when")[0].partition("`postward reputation top`")[2]
    )
    commands += [["reputation", "top", *option.replace("KIND", "ip").split()] for option in options if option != "-n"]
    commands += [["reputation", "top", "-n", "2"]]
    for words in sorted(commands, key=lambda words: words[1] == "forget"):
        given = [{"ID": "ip:192.0.2.1", "FILE": str(tmp_path / "file")}.get(word, word) for word in words]
        result = run([*given, *(["--yes"] if "forget" in given else [])])
        assert (words, result.exit_code) == (words, 0)


def test_ids_of_the_table_are_understood():
    table = text_of(PAGE).partition("## IDs")[2].partition("## show")[0]
    ids = re.findall(r"`((?:\w+:[^`]+|all))`", table)
    assert {each.partition(":")[0] for each in ids} == KIND_WORDS.keys() - {"network", "outgoing"}
    assert [str(parse_identity(each)) for each in ids] == ids
    assert len(identities_meant("AS64500")) == len(identities_meant("joe@example.com/192.0.2.1")) == 1


def test_of_most_senders_there_is_no_history(run):
    assert run(["reputation", "history", "login:ann"]).exit_code == 0
    assert run(["reputation", "history", "from:nobody.example"]).exit_code == 1
