# SPDX-License-Identifier: GPL-3.0-or-later
"""A hosted process that does what it is told, however bad that is; run as a program."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from postward.plugin_host.guard import read_order, run_guarded
from postward.plugin_host.limits import forbid_processes
from postward.plugin_host.serving import serve


def answer_and_hang(channel: int) -> None:
    frame = sys._getframe()
    while "call" not in frame.f_locals:
        frame = frame.f_back
    content = json.dumps({"call": frame.f_locals["call"], "answer": {}}).encode()
    write_all(channel, len(content).to_bytes(4) + b"\0\0" + content)
    time.sleep(600)


def main() -> None:
    order = read_order(sys.argv[-1])
    run_guarded(order, lambda endpoint: serve(endpoint, lambda frame, ask: handle(endpoint.fileno(), frame, ask)))


def handle(channel: int, frame: Any, ask: Any) -> dict[str, Any]:
    values = frame.values
    match values["what"]:
        case "prepare":
            if values.get("forbid"):
                forbid_processes()
            return {"pid": os.getpid()}
        case "tell":
            return {"pid": os.getpid(), "sizes": [len(blob) for blob in frame.blobs]}
        case "ask":
            return {"told": [ask({"number": number}) for number in range(values["times"])]}
        case "environment":
            return {"environment": dict(os.environ), "cwd": str(Path.cwd()), "open": descriptors()}
        case word:
            MISDEEDS[word](channel)
            return {"done": word}


def descriptors() -> dict[str, str]:
    found = {}
    for link in Path("/proc/self/fd").iterdir():
        try:
            found[link.name] = str(link.readlink())
        except FileNotFoundError:
            continue
    return found


def write_all(channel: int, octets: bytes) -> None:
    endpoint = socket.socket(fileno=os.dup(channel))
    endpoint.settimeout(None)
    endpoint.sendall(octets)


def fork_twice(_channel: int) -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    os.wait()


def loop(_channel: int) -> None:
    while True:
        pass


def deaf(_channel: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, lambda *_: None)
    loop(_channel)


def bomb(_channel: int) -> None:
    for _ in range(40):
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)


def fork_and_die(channel: int) -> None:
    fork_twice(channel)
    os._exit(3)


def drip(channel: int) -> None:
    write_all(channel, b"\x00\x01\x00\x00\x00\x00")
    while True:
        write_all(channel, b" ")
        time.sleep(0.01)


def flood(channel: int) -> None:
    while True:
        write_all(channel, b"\x00" * 65536)


def open_files(_channel: int) -> None:
    kept = [Path("/dev/null").open() for _ in range(5000)]  # noqa: SIM115
    raise AssertionError(len(kept))


def spill(_channel: int) -> None:
    path = Path(f"/tmp/postward-test-{os.getpid()}")  # noqa: S108
    with path.open("wb", buffering=0) as file:
        path.unlink()
        file.writelines(b"x" * 1_048_576 for _ in range(1000))


def bind_thread(_channel: int) -> None:
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()


def signal_group(_channel: int) -> None:
    os.killpg(0, signal.SIGKILL)


def kill_guard(_channel: int) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


MISDEEDS = {
    "loop": loop,
    "sleep": lambda _: time.sleep(600),
    "deaf": deaf,
    "hang in C": lambda _: ctypes.PyDLL(None).sleep(600),
    "exit": lambda _: sys.exit(7),
    "_exit": lambda _: os._exit(0),
    "segfault": lambda _: ctypes.string_at(0),
    "abort": lambda _: os.abort(),
    "raise": lambda _: 1 / 0,
    "memory": lambda _: bytearray(2_000_000_000),
    "files": open_files,
    "spill": spill,
    "fork twice": fork_twice,
    "fork and die": fork_and_die,
    "bomb": bomb,
    "thread": bind_thread,
    "close": lambda _: os.closerange(0, 256),
    "close and sleep": lambda _: (os.closerange(0, 256), time.sleep(600)),
    "kill group": signal_group,
    "kill guard": kill_guard,
    "write": lambda channel: write_all(channel, b"rubbish, and then some more of it"),
    "gigantic": lambda channel: write_all(channel, b"\xff\xff\xff\xff\x00\x00"),
    "many blobs": lambda channel: write_all(channel, b"\x00\x00\x00\x02\xff\xff{}"),
    "deep": lambda channel: write_all(channel, (200_000).to_bytes(4) + b"\0\0" + b"[" * 200_000),
    "no object": lambda channel: write_all(channel, b"\0\0\0\x02\0\0[]"),
    "not a number": lambda channel: write_all(channel, b'\0\0\0\x0b\0\0{"call":NaN'),
    "empty": lambda channel: write_all(channel, b"\0\0\0\x02\0\0{}"),
    "answer and hang": answer_and_hang,
    "drip": drip,
    "flood": flood,
    "print": lambda _: (os.write(1, b"to stdout\n"), os.write(2, b"to stderr\n")),
    "print much": lambda _: [os.write(1, b"x" * 65536) for _ in range(10_000)],
    "stdin": lambda _: sys.stdin.read(),
}


if __name__ == "__main__":
    main()
