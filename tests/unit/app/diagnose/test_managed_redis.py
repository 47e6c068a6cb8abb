# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import shutil

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.managed_redis import check_managed_redis
from postward.app.managed_redis import find_redis_program, managed_redis_settings
from postward.config import load
from postward.mta.managed_redis.keeper import SERVING
from tests.mailhost.scratch import Scratch
from tests.redis_servers.managed import kept_redis

PROGRAM = find_redis_program()


@pytest.fixture
def config():
    with Scratch() as folder:
        path = folder / "postward.yaml"
        path.write_text(f"state_dir: {folder}\nredis: managed\n")
        yield load(path)


def test_one_that_does_not_run_yet_is_no_fault(config, own_name):
    finding = check_managed_redis(config, own_name, PROGRAM)
    assert finding.level is Level.OK
    assert finding.message == f"Postward starts {PROGRAM} itself; it does not run now"


def test_one_that_runs_answers_and_one_that_has_ended_is_no_fault(config, own_name):
    with kept_redis(managed_redis_settings(config, PROGRAM)) as told:
        told.until(SERVING)
        assert check_managed_redis(config, own_name, PROGRAM).message == "Postward's own Redis answers"
    assert check_managed_redis(config, own_name, PROGRAM).level is Level.OK


def test_without_a_program_it_is_said(config, own_name):
    finding = check_managed_redis(config, own_name, None)
    assert (finding.level, finding.advice) == (Level.WARNING, "install one, or set redis.url to null")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_user(config, own_name):
    folder = config.state_dir / "redis"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    finding = check_managed_redis(config, own_name, PROGRAM)
    assert finding.level is Level.ERROR
    assert finding.advice == f"chown -R {own_name}: {folder}"
    shutil.rmtree(folder)


def test_a_path_that_is_too_long_for_a_socket(tmp_path, own_name):
    path = tmp_path / "postward.yaml"
    path.write_text(f"state_dir: {tmp_path}/{'x' * 100}\nredis: managed\n")
    finding = check_managed_redis(load(path), own_name, PROGRAM)
    assert (finding.level, finding.advice) == (Level.ERROR, "choose a shorter state_dir")
