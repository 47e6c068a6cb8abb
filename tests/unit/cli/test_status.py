# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from postward.cli.status_text import duration
from tests.unit.cli.program import postward

MILTER = """
import sys, Milter, milter
Milter.factory = Milter.Base
milter.setconn(sys.argv[1])
milter.register("test")
milter.opensocket(True)
print("ready", flush=True)
Milter.runmilter("test", sys.argv[1])
"""


@pytest.fixture
def milter_socket(tmp_path):
    """A real milter, in a process of its own."""
    path = tmp_path / "milter.sock"
    process = subprocess.Popen(
        [sys.executable, "-c", MILTER, f"unix:{path}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline() == "ready\n"
    yield path
    process.kill()
    process.wait(20)
    process.stdout.close()


def status_of(listen, **changes):
    worker = {
        "pid": 11, "index": 0, "age_s": 3700.0, "state": "serving", "sessions": 2, "messages": 90, "stuck": 0,
    }  # fmt: skip
    generation = {
        "number": 3, "leader_pid": 10, "state": "serving", "is_healthy": True, "restarts": 1, "workers": [worker],
    }  # fmt: skip
    now_s = time.time()
    return {
        "version": "0.1.0", "pid": os.getpid(), "since_s": now_s - 7300, "written_s": now_s, "listen": listen,
        "state": "serving", "generations": [generation], "reloads": 3, "leader_restarts": 0, "redis": None,
        "last_reload": {"time_s": 1_700_000_000.0, "is_good": True, "errors": []}, **changes,
    }  # fmt: skip


def ask(*arguments):
    return postward("status", *arguments)


def ask_about(tmp_path, status, *arguments):
    path = tmp_path / "status.json"
    path.write_text(json.dumps(status))
    return ask("--status-file", path, *arguments)


def test_a_milter_that_runs_and_answers_is_well(tmp_path, milter_socket):
    answer = ask_about(tmp_path, status_of(f"unix:{milter_socket}"))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == (
        "Postward is running and well\n"
        f"version 0.1.0, process {os.getpid()}, serving for 2 h 1 min on unix:{milter_socket}\n"
        "generation 3: serving, 1 worker, 1 replaced after they died\n"
        "  worker 0, process 11: serving for 1 h 1 min, 2 sessions open, 90 messages answered\n"
        "configuration loaded at 2023-11-14T22:13:20.000Z\n"
    )


def test_the_file_is_found_through_the_configuration(tmp_path, milter_socket):
    config = tmp_path / "postward.yaml"
    config.write_text(f"listen: unix:{milter_socket}\n")
    status = status_of(f"unix:{milter_socket}")
    (tmp_path / "milter.sock.status.json").write_text(json.dumps(status))
    answer = ask("--config", config, "--json")
    assert json.loads(answer.stdout) == {"healthy": True, "problems": [], "status": status}
    assert answer.returncode == 0


def test_with_a_tcp_port_the_file_is_in_the_state_directory(tmp_path):
    config = tmp_path / "postward.yaml"
    config.write_text(f"listen: inet:8890@127.0.0.1\nstate_dir: {tmp_path}\n")
    answer = ask("--config", config)
    assert answer.stdout == f"PROBLEM  not running: there is no {tmp_path}/status.json\n"
    assert answer.returncode == 1


def test_a_configuration_that_was_refused_is_shown_and_is_no_fault(tmp_path, milter_socket):
    reload = {"time_s": 1_700_000_000.0, "is_good": False, "errors": ["postward.yaml:3: spf: no\nsuch key"]}
    answer = ask_about(tmp_path, status_of(f"unix:{milter_socket}", last_reload=reload))
    assert answer.returncode == 0
    assert "WARNING  the configuration was refused at 2023-11-14T22:13:20.000Z" in answer.stdout
    assert "  postward.yaml:3: spf: no\\nsuch key\n" in answer.stdout


def problems(tmp_path, status) -> list[str]:
    answer = ask_about(tmp_path, status, "--json")
    assert answer.returncode == 1
    return json.loads(answer.stdout)["problems"]


def test_a_supervisor_that_is_gone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert problems(tmp_path, status_of("unix:/nowhere", pid=ended.pid)) == [
        f"not running: the supervisor, process {ended.pid}, is gone"
    ]


def test_a_supervisor_that_hangs_and_workers_that_do_not_serve(tmp_path, milter_socket):
    status = status_of(f"unix:{milter_socket}", written_s=time.time() - 100)
    status["generations"][0]["workers"][0]["state"] = "starting"
    stale, idle = problems(tmp_path, status)
    assert stale.startswith("the supervisor has not written its status for 10")
    assert idle == "no worker of generation 3 is serving"
    assert problems(tmp_path, status_of(f"unix:{milter_socket}", generations=[])) == [
        "no generation of workers is there"
    ]


def redis_status(**changes):
    since_s = time.time() - 3700
    return {"state": "serving", "pid": 12, "since_s": since_s, "restarts": 0, "reason": ""} | changes


def test_a_redis_of_its_own_is_told(tmp_path, milter_socket):
    answer = ask_about(tmp_path, status_of(f"unix:{milter_socket}", redis=redis_status()))
    assert answer.returncode == 0
    assert "\nRedis of its own, process 12: serving for 1 h 1 min\n" in answer.stdout
    restarted = redis_status(restarts=2, reason="gave no answer for 10 s")
    answer = ask_about(tmp_path, status_of(f"unix:{milter_socket}", redis=restarted))
    assert "serving for 1 h 1 min, started again 2 times; last because: gave no answer for 10 s\n" in answer.stdout


def test_a_redis_of_its_own_that_does_not_run(tmp_path, milter_socket):
    redis = redis_status(state="down", pid=0, reason="/var/lib/postward/redis: Read-only file system")
    (problem,) = problems(tmp_path, status_of(f"unix:{milter_socket}", redis=redis))
    assert problem == (
        "the Redis that Postward starts itself does not run: /var/lib/postward/redis: Read-only file system"
    )


def test_a_socket_on_which_nobody_answers(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"inet:{free.getsockname()[1]}@127.0.0.1"
    (problem,) = problems(tmp_path, status_of(listen))
    assert problem == f"no answer on {listen}: [Errno 111] Connection refused"


def test_a_file_that_another_version_wrote(tmp_path):
    assert problems(tmp_path, {"pid": 1}) == [f"{tmp_path}/status.json was written by another version of Postward"]


def test_a_file_that_is_damaged(tmp_path):
    path = tmp_path / "status.json"
    path.write_text("{")
    answer = ask("--status-file", path)
    assert (answer.stdout, answer.stderr, answer.returncode) == (f"PROBLEM  {path} cannot be read\n", "", 1)


def test_a_path_that_leads_nowhere(tmp_path):
    (tmp_path / "file").write_text("")
    answer = ask("--status-file", tmp_path / "file" / "status.json")
    assert answer.stdout == f"PROBLEM  {tmp_path}/file/status.json cannot be read: Not a directory\n"
    assert answer.returncode == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (3725, "1 h 2 min"), (200_000, "2 d 7 h"), (-5, "0 s")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words
