# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.frames import Frame
from postward.plugin_host.limits import ProcessLimits
from tests.milter.server import wait_until
from tests.unit.plugin_host.conftest import host_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.plugin_host.pool import ProcessPool

SECRET = "redis://:swordfish@192.0.2.1/0"  # noqa: S105 - made up
TIMEOUT_S = 0.7
MISDEEDS = {
    "loop": HostFailureKind.TIMEOUT,
    "sleep": HostFailureKind.TIMEOUT,
    "deaf": HostFailureKind.TIMEOUT,
    "hang in C": HostFailureKind.TIMEOUT,
    "answer and hang": HostFailureKind.TIMEOUT,
    "drip": HostFailureKind.TIMEOUT,
    "exit": HostFailureKind.ENDED,
    "_exit": HostFailureKind.ENDED,
    "segfault": HostFailureKind.ENDED,
    "abort": HostFailureKind.ENDED,
    "raise": HostFailureKind.ENDED,
    "memory": HostFailureKind.ENDED,
    "files": HostFailureKind.ENDED,
    "spill": HostFailureKind.ENDED,
    "print much": HostFailureKind.ENDED,
    "close": HostFailureKind.ENDED,
    "close and sleep": HostFailureKind.ENDED,
    "kill group": HostFailureKind.ENDED,
    "kill guard": HostFailureKind.ENDED,
    "fork and die": HostFailureKind.ENDED,
    "fork twice": HostFailureKind.STRAY,
    "bomb": HostFailureKind.STRAY,
    "thread": HostFailureKind.STRAY,
    "write": HostFailureKind.GARBAGE,
    "gigantic": HostFailureKind.GARBAGE,
    "many blobs": HostFailureKind.GARBAGE,
    "deep": HostFailureKind.GARBAGE,
    "no object": HostFailureKind.GARBAGE,
    "not a number": HostFailureKind.GARBAGE,
    "empty": HostFailureKind.GARBAGE,
    "flood": HostFailureKind.GARBAGE,
}


def do(pool: ProcessPool, what: str, timeout_s: float = 10.0, blobs: tuple[bytes, ...] = (), **values: Any) -> Any:
    return pool.call(Frame({"what": what, **values}, blobs), lambda question: {"seen": question}, timeout_s=timeout_s)


def descendants() -> set[int]:
    """All processes that run the hosted program."""
    return {
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and b"plugin_host/hosted.py" in _command(folder)
    }


def held() -> tuple[int, int]:
    """Descriptors and threads of the host."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(("what", "kind"), MISDEEDS.items())
def test_a_misdeed_is_the_failure_of_its_call_and_the_next_is_served_within_a_second(
    make_pool: Callable[..., ProcessPool], what: str, kind: HostFailureKind
) -> None:
    before = descendants()
    pool = make_pool()
    do(pool, "tell")
    begun = time.monotonic()
    with pytest.raises(HostFailure) as failure:
        do(pool, what, TIMEOUT_S)
    failed = time.monotonic()
    assert do(pool, "tell", 1.0)["sizes"] == []
    assert failure.value.kind is kind
    assert failed - begun < TIMEOUT_S + 0.3
    pool.close()
    # Nothing that was started outlives the pool, whatever session it has made for itself.
    wait_until(lambda: descendants() <= before, "the end of all that was started")


def test_a_signal_is_named(make_pool: Callable[..., ProcessPool]) -> None:
    with pytest.raises(HostFailure, match=r"^the process has ended: SIGSEGV$"):
        do(make_pool(), "segfault")


def test_what_is_printed_goes_nowhere_but_into_the_failure(
    make_pool: Callable[..., ProcessPool], capfd: pytest.CaptureFixture[str]
) -> None:
    pool = make_pool()
    assert do(pool, "print") == {"done": "print"}
    with pytest.raises(HostFailure) as failure:
        do(pool, "raise")
    assert b"ZeroDivisionError" in failure.value.output
    assert b"to stdout" not in failure.value.output
    with pytest.raises(HostFailure) as failure:
        do(pool, "print much")
    assert len(failure.value.output) == 4096
    assert capfd.readouterr() == ("", "")


def test_standard_input_is_empty(make_pool: Callable[..., ProcessPool]) -> None:
    assert do(make_pool(), "stdin") == {"done": "stdin"}


def test_neither_environment_nor_descriptors_are_inherited(
    make_pool: Callable[..., ProcessPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTWARD_REDIS", SECRET)
    read, write = os.pipe()
    for descriptor in (read, write):
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - os takes it so
    try:
        seen = do(make_pool(), "environment")
    finally:
        os.close(read)
        os.close(write)
    assert seen["environment"].keys() <= {"PATH", "LANG", "PYTHONPATH"}
    assert seen["cwd"] == "/"
    targets = sorted(target.partition(":")[0] for target in seen["open"].values())
    assert targets == ["/dev/null", "/memfd", "/memfd", "socket"]


def test_a_call_asks_back_but_not_for_ever(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    assert do(pool, "ask", times=3)["told"] == [{"seen": {"number": number}} for number in range(3)]
    with pytest.raises(HostFailure) as failure:
        do(pool, "ask", times=65)
    assert failure.value.kind is HostFailureKind.GARBAGE


def test_what_the_host_raises_while_it_is_asked_ends_the_process_and_is_passed_on(
    make_pool: Callable[..., ProcessPool],
) -> None:
    pool = make_pool()
    first = do(pool, "tell")["pid"]

    def tell(_question: Any) -> Any:
        raise LookupError

    with pytest.raises(LookupError):
        pool.call(Frame({"what": "ask", "times": 1}), tell, timeout_s=5)
    assert do(pool, "tell")["pid"] != first


def test_blobs_arrive_whole(make_pool: Callable[..., ProcessPool]) -> None:
    assert do(make_pool(), "tell", blobs=(b"x" * 10_000_000, b"", b"y"))["sizes"] == [10_000_000, 0, 1]


def test_many_threads_share_the_processes(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(processes=2)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: do(pool, "tell", 20.0), range(200)))
    assert len({answer["pid"] for answer in answers}) == 2


def test_waiting_for_a_process_counts_against_the_deadline(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    do(pool, "tell")
    with ThreadPoolExecutor(1) as threads:
        long = threads.submit(do, pool, "sleep", 1.0)
        wait_until(lambda: not pool._idle, "the process to be taken")
        begun = time.monotonic()
        with pytest.raises(HostFailure) as failure:
            do(pool, "tell", 0.3)
        assert time.monotonic() - begun < 0.6
        assert failure.value.kind is HostFailureKind.BUSY
        assert isinstance(long.exception(), HostFailure)


def test_only_so_many_wait(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(max_waiting=1)
    do(pool, "tell")
    with ThreadPoolExecutor(2) as threads:
        held = [threads.submit(do, pool, "sleep", 1.0)]
        wait_until(lambda: not pool._idle, "the process to be taken")
        held.append(threads.submit(do, pool, "tell", 10.0))
        wait_until(lambda: pool._waiting == 1, "one to wait")
        begun = time.monotonic()
        with pytest.raises(HostFailure) as failure:
            do(pool, "tell", 10.0)
        assert failure.value.kind is HostFailureKind.BUSY
        assert time.monotonic() - begun < 0.3
        # The one that waits is served by the replacement of the one that hung.
        assert held[1].result()["sizes"] == []


def test_a_process_is_replaced_after_so_many_calls_without_a_pause(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(max_calls=5)
    first = do(pool, "tell")["pid"]
    assert [do(pool, "tell")["pid"] for _ in range(4)] == [first] * 4
    wait_until(lambda: do(pool, "tell")["pid"] != first, "another process")
    wait_until(lambda: not Path(f"/proc/{first}").exists(), "the end of the first")


def test_a_process_that_dies_between_two_calls_is_nobodys_failure(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    first = do(pool, "tell")["pid"]
    os.kill(first, 9)
    wait_until(lambda: not Path(f"/proc/{first}").exists(), "its end")
    assert do(pool, "tell")["pid"] != first


def test_what_cannot_be_started_fails_at_once_and_is_not_tried_all_the_time(
    make_pool: Callable[..., ProcessPool],
) -> None:
    pool = make_pool(host_settings(program=("-c", "raise SystemExit(4)")))
    for _ in range(3):
        with pytest.raises(HostFailure) as failure:
            do(pool, "tell", 5.0)
        assert failure.value.kind is HostFailureKind.UNAVAILABLE
        assert str(failure.value) == "the process has ended: status 4"


def test_one_can_wait_until_a_process_is_there(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    assert not pool.wait_until_ready(0.0)
    assert pool.wait_until_ready(10.0)
    assert do(pool, "tell", 0.5)["sizes"] == []
    begun = time.monotonic()
    assert not make_pool(host_settings(program=("-c", "raise SystemExit(4)"))).wait_until_ready(10.0)
    assert time.monotonic() - begun < 5.0


def test_preparation_has_a_deadline(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(host_settings(prepare=Frame({"what": "sleep"}), prepare_timeout_s=0.5))
    begun = time.monotonic()
    with pytest.raises(HostFailure) as failure:
        do(pool, "tell", 5.0)
    assert time.monotonic() - begun < 1.5
    assert failure.value.kind is HostFailureKind.UNAVAILABLE


def test_a_closed_pool_answers_nobody(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    first = do(pool, "tell")["pid"]
    pool.close()
    assert not Path(f"/proc/{first}").exists()
    with pytest.raises(HostFailure) as failure:
        do(pool, "tell")
    assert failure.value.kind is HostFailureKind.UNAVAILABLE


def test_limits_hold(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(host_settings(limits=ProcessLimits(memory_bytes=4_000_000_000)))
    assert do(pool, "memory") == {"done": "memory"}
    with pytest.raises(HostFailure) as failure:
        do(make_pool(), "memory")
    assert b"MemoryError" in failure.value.output


def test_nothing_is_left_open_in_the_host(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool()
    do(pool, "tell")
    pool.close()
    before = held()
    other = make_pool()
    for _ in range(3):
        with pytest.raises(HostFailure):
            do(other, "_exit")
    other.close()
    wait_until(lambda: held() == before, "all to be closed")
