# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server whose answers are wrong, late or broken: a temperror at worst, and never another's result."""

from __future__ import annotations

import threading

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose

TRUNCATED_FLAG = 0x02
HEADER_BYTES = 12
RECORD = "v=spf1 ip4:203.0.113.99 -all"
LENGTH_OF_RECORD = bytes([len(RECORD)])
OWNER = b"\xc0\x0c"
"""The answer's owner, as a pointer to the question."""


def with_other_id(answer, *, tcp):
    return bytes([answer[0] ^ 1]) + answer[1:]


def with_other_question(answer, *, tcp):
    """One letter of the name that was asked for is another."""
    return answer[: HEADER_BYTES + 1] + b"x" + answer[HEADER_BYTES + 2 :]


def cut_short(answer, *, tcp):
    return answer[: len(answer) * 2 // 3]


def too_long_for_udp(answer, *, tcp):
    """It says so, and is cut short over TCP too."""
    return cut_short(answer, tcp=tcp) if tcp else answer[:2] + bytes([answer[2] | TRUNCATED_FLAG]) + answer[3:]


def with_long_data(answer, *, tcp):
    """A string that goes on behind the end of its record."""
    return answer.replace(LENGTH_OF_RECORD + b"v=spf1", b"\xffv=spf1")


def with_many_answers(answer, *, tcp):
    """The header counts 65,535 of them."""
    return answer[:6] + b"\xff\xff" + answer[8:]


def with_a_name_that_never_ends(answer, *, tcp):
    """The answer's owner is a pointer to itself."""
    position = answer.find(OWNER)
    pointer = (0xC000 | position).to_bytes(2, "big")
    return answer if position < 0 else answer[:position] + pointer + answer[position + 2 :]


def silence(_answer, *, tcp):
    return b""


LIES = {
    lie.__name__.replace("_", "-"): lie
    for lie in (
        with_other_id, with_other_question, cut_short, too_long_for_udp, with_long_data, with_many_answers,
        with_a_name_that_never_ends, silence,
    )
}  # fmt: skip


def domain(name):
    return f"{name}.example"


def tampering(_query, answer, tcp):
    """Tell the lie that the name asked for stands for."""
    if answer is None:
        return []
    told = next((lie for name, lie in LIES.items() if name.encode() in answer.lower()), None)
    changed = answer if told is None else told(answer, tcp=tcp)
    return [changed] if changed else []


@pytest.fixture(scope="module")
def server(host):
    """The host's name server, which lies about some names."""
    honest, names = host.name_server.tamper, host.name_server
    names.set(
        {**host.world.zone(), **{domain(name): [{"TXT": RECORD}] for name in [*LIES, "honest", "afterwards", "late"]}}
    )
    names.tamper = tampering
    yield names
    names.tamper, names.delay_s = honest, 0.0
    names.set({**host.world.zone(), **host.zone})


def letter(host, name):
    sender = f"somebody@{domain(name)}"
    return Letter(content=compose(subject=name, author=sender), mail_from=sender, client=host.world.stranger)


@pytest.fixture(scope="module")
def delivered(host, server):
    """What became of a letter from each domain, all of them sent at once."""
    workers = host.postward.workers()
    found = {}

    def deliver(name):
        found[name] = Delivered(host.deliver(letter(host, name)))

    threads = [threading.Thread(target=deliver, args=(name,)) for name in [*LIES, "honest"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert host.postward.workers() == workers
    return found


@pytest.mark.parametrize("lie", list(LIES))
def test_a_lie_is_a_temperror(delivered, lie):
    assert delivered[lie].results("spf") == ["temperror"]
    assert not delivered[lie].is_junk
    assert "not_checked" not in delivered[lie].field("X-Spam-Status")


def test_an_honest_answer_beside_them_counts(delivered):
    assert delivered["honest"].results("spf") == ["pass"]


@pytest.mark.usefixtures("delivered")
def test_an_honest_answer_after_them_counts(host):
    assert Delivered(host.deliver(letter(host, "afterwards"))).results("spf") == ["pass"]


def test_a_late_answer_counts(host, server):
    server.delay_s = 0.2
    assert Delivered(host.deliver(letter(host, "late"))).results("spf") == ["pass"]


def test_once_it_answers_again_it_counts(host, server, delivered):
    assert delivered["silence"].results("spf") == ["temperror"]
    server.tamper = None
    assert Delivered(host.deliver(letter(host, "silence"))).results("spf") == ["pass"]
