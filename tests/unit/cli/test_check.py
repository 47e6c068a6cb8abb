# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

import pytest

from postward.cli.check import check


@pytest.fixture
def config(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return str(path)

    return write


def run(*arguments):
    """Not by click's own runner, which mixes standard error into the output before click 8.2."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        check.main(list(arguments), prog_name="check")
    return SimpleNamespace(exit_code=ended.value.code, stdout=out.getvalue(), stderr=err.getvalue())


def test_a_right_configuration(config):
    result = run("--config-only", "--config", config(""))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("ok       config: ")


def test_a_wrong_configuration_is_status_2_with_every_fault(config):
    path = config("mode: x\nspf: {helo: 1}\n")
    result = run("--config-only", "--config", path)
    assert (result.exit_code, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first == f"postward: {path}:1: mode: must be one of enforce, monitor"
    assert second.startswith(f"postward: {path}:2: spf.helo: ")


def test_a_wrong_configuration_as_json(config):
    result = run("--config-only", "--json", "--config", config("mod: enforce\n"))
    assert result.exit_code == 2
    answer = json.loads(result.stdout)
    assert answer["passed"] is False
    (fault,) = answer["config_errors"]
    assert (fault["line"], fault["key"], fault["hint"]) == (1, "mod", "did you mean mode?")


def test_something_that_does_not_work_is_status_1(config, tmp_path):
    path = config(f"listen: unix:{tmp_path}/none.sock\nstate_dir: {tmp_path}\ndns: {{servers: ['127.0.0.1:9']}}\n")
    result = run("--config", path, "--postconf-dir", str(tmp_path), "--user", "no-such-user", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    levels = {finding["check"]: finding["level"] for finding in answer["findings"]}
    assert answer["passed"] is False
    assert (levels["config"], levels["state_dir"], levels["socket"], levels["dns"]) == ("ok", "ok", "error", "error")


def test_advice_stands_below_its_finding(config, tmp_path):
    path = config(f"listen: unix:{tmp_path}/none.sock\nstate_dir: {tmp_path}\ndns: {{servers: ['127.0.0.1:9']}}\n")
    lines = run("--config", path, "--postconf-dir", str(tmp_path)).stdout.splitlines()
    (index,) = [number for number, line in enumerate(lines) if line.startswith("error    socket: there is no socket")]
    assert lines[index + 1].startswith("         -> start Postward")
