# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.bench.load import LoadGenerator, parse_answers, parse_result
from tests.mailhost.failure import MailHostError
from tests.milter.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RESULT = {
    "messages": 2, "seconds": 0.5, "accepted": 1, "rejected": 1, "tempfailed": 0, "discarded": 0, "errors": 0,
    "fields_added": 1, "p50_ms": 1.5, "p99_ms": 2.5, "max_ms": 2.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> LoadGenerator:
    generator = LoadGenerator(tmp_path_factory.mktemp("mload"))
    generator.build()
    return generator


@pytest.fixture
def chain() -> Iterator[tuple[Server, Server]]:
    servers = (Server(workers=1), Server(workers=1))
    try:
        yield (servers[0].start(), servers[1].start())
    finally:
        for server in servers:
            server.stop()


def letter(path: Path, *, envelope: str = "", subject: str = "nothing", body: str = "Hello\n") -> Path:
    path.write_text(f"{envelope}From: a@example.com\nSubject: {subject}\n\tfolded\n\n{body}")
    return path


def test_result() -> None:
    result = parse_result(f"= 0 c 1.000\n{json.dumps(_RESULT)}\n")
    assert (result.messages, result.rejected, result.p99_ms) == (2, 1, 2.5)


def test_answers_stand_in_the_order_of_the_files() -> None:
    output = "= 1 r 2.500\n= 0 c 1.500\ni Authentication-Results: mx; spf=pass\nh X-Other:  1\nm X-Old: \n{}\n"
    first, second = parse_answers(output)
    assert (first.index, first.code, first.ms) == (0, "c", 1.5)
    assert first.added == (("Authentication-Results", "mx; spf=pass"), ("X-Other", "1"))
    assert (second.index, second.code, second.added) == (1, "r", ())


def test_a_later_milter_sees_what_an_earlier_one_has_added(
    generator: LoadGenerator, chain: tuple[Server, Server], tmp_path: Path
) -> None:
    file = letter(tmp_path / "a.eml", envelope="#! client 192.0.2.9\n#! helo there.example\n#! from <a@b.example>\n")
    (answer,) = generator.answers([server.address for server in chain], [file])
    assert answer.code == "c"
    assert answer.added == (("X-Judged", "yes"), ("X-Judged", "yes"))
    told = [server.wait_for_told(outcome="evaluated")[0] for server in chain]
    fields = [[(bytes.fromhex(name), bytes.fromhex(value)) for name, value in one["fields"]] for one in told]
    assert fields[0] == [(b"From", b" a@example.com"), (b"Subject", b" nothing\r\n\tfolded")]
    assert sorted(fields[1]) == sorted([*fields[0], (b"X-Judged", b" yes")])
    assert told[1]["client"] == "192.0.2.9"
    assert bytes.fromhex(told[1]["helo"]) == b"there.example"
    assert bytes.fromhex(told[1]["sender"]) == b"a@b.example"
    assert bytes.fromhex(told[1]["body"]) == b"Hello\r\n"


def test_verdicts_are_counted(generator: LoadGenerator, chain: tuple[Server, Server], tmp_path: Path) -> None:
    files = [
        letter(tmp_path / "accepted.eml"),
        letter(tmp_path / "rejected.eml", subject="reply 550 5.7.1 no"),
        letter(tmp_path / "deferred.eml", subject="reply 451 4.7.1 later"),
    ]
    result = generator.run([chain[0].address], files, messages=9, sessions=2, per_session=2)
    assert (result.messages, result.accepted, result.rejected, result.tempfailed) == (9, 3, 3, 3)
    assert result.errors == 0
    assert 0 < result.p50_ms <= result.p99_ms <= result.max_ms


def test_nobody_listens(generator: LoadGenerator, tmp_path: Path) -> None:
    result = generator.run(["inet:1@127.0.0.1"], [letter(tmp_path / "a.eml")], messages=3, sessions=1)
    assert (result.messages, result.errors) == (0, 3)


def test_no_file(generator: LoadGenerator, tmp_path: Path) -> None:
    with pytest.raises(MailHostError, match="No such file"):
        generator.run(["inet:1@127.0.0.1"], [tmp_path / "missing.eml"], messages=1)
