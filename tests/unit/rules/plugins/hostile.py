# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a plugin should not do; each rule is one way of doing it."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postward.plugin_host.frames import Frame
from postward.rules.api import AddHeader, AddScore, Reject, Tag, rule

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

ALL = {"needs": {"headers", "directory", "rate"}, "may": {"tag", "add_header", "reject", "score"}}


@rule(id="good", **ALL)
def good(message, config, context):
    return [Tag(name="fine")]


@rule(id="loop", **ALL)
def loop(message, config, context):
    while True:
        pass


@rule(id="backtrack", **ALL)
def backtrack(message, config, context):
    re.fullmatch("(a+)+b", "a" * 40)


@rule(id="sleep_in_c", **ALL)
def sleep_in_c(message, config, context):
    ctypes.PyDLL(None).sleep(600)


@rule(id="endless_generator", **ALL)
def endless_generator(message, config, context):
    while True:
        time.sleep(0.01)
        if message is None:
            yield Tag(name="never")


@rule(id="ignores_signals", **ALL)
def ignores_signals(message, config, context):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    time.sleep(600)


@rule(id="really_exits", **ALL)
def really_exits(message, config, context):
    os._exit(0)


@rule(id="exits", **ALL)
def exits(message, config, context):
    sys.exit("enough")


@rule(id="segfaults", **ALL)
def segfaults(message, config, context):
    ctypes.string_at(0)


@rule(id="overflows_the_stack", **ALL)
def overflows_the_stack(message, config, context):
    sys.setrecursionlimit(10**9)

    def deeper(value):
        return sorted([value], key=deeper)

    deeper(1)


@rule(id="raises", **ALL)
def raises(message, config, context):
    raise ValueError("first\nlevel=error event=forged \x1b[31m\u202ered")


class Sly(Exception):
    def __str__(self):
        raise Sly


@rule(id="raises_slyly", **ALL)
def raises_slyly(message, config, context):
    raise Sly


@rule(id="raises_late", **ALL)
def raises_late(message, config, context) -> Iterator[Any]:
    yield Tag(name="one")
    raise KeyError("late")


@rule(id="raises_interrupt", **ALL)
def raises_interrupt(message, config, context):
    raise KeyboardInterrupt


@rule(id="recursion", **ALL)
def recursion(message, config, context):
    return recursion(message, config, context)


@rule(id="memory", **ALL)
def memory(message, config, context):
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


@rule(id="memory_caught", **ALL)
def memory_caught(message, config, context):
    kept = []
    while True:
        try:
            kept.append(bytearray(10_000_000))
        except MemoryError:
            time.sleep(0.01)


@rule(id="files", **ALL)
def files(message, config, context):
    return [Tag(name=str(len([Path("/dev/null").open() for _ in range(5000)])))]


@rule(id="disk", **ALL)
def disk(message, config, context):
    path = Path("/dev/shm/postward-hostile")  # noqa: S108
    with path.open("wb") as file:
        path.unlink()
        file.writelines(b"x" * 1_048_576 for _ in range(4096))


@rule(id="forks", **ALL)
def forks(message, config, context):
    if os.fork() == 0:
        time.sleep(600)
    return [Tag(name="fine")]


@rule(id="forks_and_both_answer", **ALL)
def forks_and_both_answer(message, config, context):
    os.fork()
    return [Tag(name="fine")]


@rule(id="daemon", **ALL)
def daemon(message, config, context):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()
    return [Tag(name="fine")]


@rule(id="program", **ALL)
def program(message, config, context):
    subprocess.Popen(["/bin/sleep", "600"], env={}, start_new_session=True, close_fds=False)
    return [Tag(name="fine")]


@rule(id="daemon_and_exit", **ALL)
def daemon_and_exit(message, config, context):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    os._exit(0)


@rule(id="thread", **ALL)
def thread(message, config, context):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return [Tag(name="fine")]


@rule(id="writes_to_descriptors", **ALL)
def writes_to_descriptors(message, config, context):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"rubbish " * 100)
        except OSError:
            continue
    return [Tag(name="fine")]


@rule(id="closes_descriptors", **ALL)
def closes_descriptors(message, config, context):
    os.closerange(0, 64)
    return [Tag(name="fine")]


def the_channel() -> Any:
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["channel"], frame.f_locals["call"]


def the_socket() -> socket.socket:
    return the_channel()[0]._socket


@rule(id="answers_twice", **ALL)
def answers_twice(message, config, context):
    channel, call = the_channel()
    for _ in range(2):
        channel.send(Frame({"call": call, "answer": {"actions": []}}))
    time.sleep(600)


@rule(id="gigantic_frame", **ALL)
def gigantic_frame(message, config, context):
    the_socket().sendall(struct.pack(">IH", 4_000_000_000, 0))
    while True:
        the_socket().sendall(b"x" * 65536)


@rule(id="claims_blobs", **ALL)
def claims_blobs(message, config, context):
    the_socket().sendall(struct.pack(">IHI", 2, 1, 4_000_000_000) + b"{}")
    time.sleep(600)


@rule(id="half_a_frame", **ALL)
def half_a_frame(message, config, context):
    the_socket().sendall(struct.pack(">IH", 100, 0) + b"{")
    time.sleep(600)


@rule(id="nested_frame", **ALL)
def nested_frame(message, config, context):
    the_socket().sendall(struct.pack(">IH", 1_000_000, 0) + b'{"a":' + b"[" * 999_995)
    time.sleep(600)


@rule(id="long_number", **ALL)
def long_number(message, config, context):
    content = b'{"answer": {"actions": [' + b"1" * 900_000 + b"]}}"
    the_socket().sendall(struct.pack(">IH", len(content), 0) + content)
    time.sleep(600)


def forge(answer: Any) -> None:
    channel, call = the_channel()
    channel.send(Frame({"call": call, "answer": answer}))
    time.sleep(600)


@rule(id="forged_kind", **ALL)
def forged_kind(message, config, context):
    forge({"actions": [{"kind": "discard", "recipients": []}]})


@rule(id="forged_list", **ALL)
def forged_list(message, config, context):
    forge({"actions": [{"kind": "tag", "name": ["x"]}] * 3})


@rule(id="forged_many", **ALL)
def forged_many(message, config, context):
    forge({"actions": [{"kind": "tag", "name": "x"}] * 10_000})


@rule(id="forged_no_actions", **ALL)
def forged_no_actions(message, config, context):
    forge({"actions": {"0": {}}})


@rule(id="forged_nothing", **ALL)
def forged_nothing(message, config, context):
    forge({})


@rule(id="forged_unhashable", **ALL)
def forged_unhashable(message, config, context):
    forge({"actions": [{"kind": ["tag"], "name": "x"}, [], 5, None]})


@rule(id="forged_failure", **ALL)
def forged_failure(message, config, context):
    forge({"failure": "a\r\nb \x1b[0m" * 10_000, "kind": "x\ny"})


@rule(id="asks_for_ever", **ALL)
def asks_for_ever(message, config, context):
    while True:
        context.directory.profile("anna@example.org")


@rule(id="asks_much", **ALL)
def asks_much(message, config, context):
    context.directory.profile("a" * 10_000_000)


@rule(id="asks_too_much", **ALL)
def asks_too_much(message, config, context):
    context.directory.profile("a" * 10_000)


@rule(id="asks_strangely", **ALL)
def asks_strangely(message, config, context):
    context._ask({"secret": True})
    context._told({"rate": ["key", 1e999, "x"]})


@rule(id="asks_nan", **ALL)
def asks_nan(message, config, context):
    context.rate("key", window_s=float("nan"))


@rule(id="undeclared_need", needs={"headers"}, may={"tag"})
def undeclared_need(message, config, context):
    return [Tag(name=str(context.directory.profile("anna@example.org")))]


@rule(id="undeclared_rate", needs={"headers"}, may={"tag"})
def undeclared_rate(message, config, context):
    return [Tag(name=str(context.rate("x", window_s=1)))]


@rule(id="undeclared_action", needs={"headers"}, may={"tag"})
def undeclared_action(message, config, context):
    return [Reject()]


def returns(name: str, value: Any) -> None:
    def plugin(message, config, context):
        return value()

    globals()[name] = rule(id=name, **ALL)(plugin)


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeTag(Tag):
    pass


returns("a_text", lambda: "tag")
returns("a_number", lambda: 5)
returns("a_mapping", lambda: {"tag": "x"})
returns("an_action_alone", lambda: Tag(name="x"))
returns("an_object", object)
returns("an_iterator", lambda: iter([Tag(name="x")]))
returns("list_of_texts", lambda: ["tag"])
returns("list_of_none", lambda: [None])
returns("class_of_action", lambda: [Tag])
returns("subclass_of_action", lambda: [LikeTag(name="x")])
returns("many", lambda: [Tag(name="x")] * 100_000)
returns("endless", lambda: (Tag(name="x") for _ in iter(int, 1)))
returns("number_for_text", lambda: [Tag(name=5)])
returns("octets_for_text", lambda: [Tag(name=b"x")])
returns("empty_tag", lambda: [Tag(name="")])
returns("lines_in_name", lambda: [AddHeader(name="X-A: b\r\nX-B", value="c")])
returns("colon_in_name", lambda: [AddHeader(name="X:", value="c")])
returns("no_name", lambda: [AddHeader(name="", value="c")])
returns("umlaut_in_name", lambda: [AddHeader(name="X-ä", value="c")])
returns("lines_in_value", lambda: [AddHeader(name="X-A", value="b\r\nX-B: c")])
returns("line_feed_in_value", lambda: [AddHeader(name="X-A", value="b\nX-B: c")])
returns("nul_in_value", lambda: [AddHeader(name="X-A", value="b\0")])
returns("half_a_character", lambda: [AddHeader(name="X-A", value="\ud800")])
returns("long_value", lambda: [AddHeader(name="X-A", value="x" * 10_000_000)])
returns("long_values", lambda: [AddHeader(name="X-A", value="x" * 7_000)] * 40)
returns("not_a_number", lambda: [AddScore(points=float("nan"))])
returns("infinite", lambda: [AddScore(points=float("inf"))])
returns("huge_number", lambda: [AddScore(points=10**400)])
returns("truth_for_number", lambda: [AddScore(points=True)])
returns("wrong_code", lambda: [Reject(code=250)])
returns("wrong_class", lambda: [Reject(code=550, enhanced="4.7.1")])
returns("no_enhanced_code", lambda: [Reject(enhanced="5.7.1\r\n250 ok")])
returns("escape_in_text", lambda: [Reject(text="no\x1b[31m")])
