# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.greylisting import check_greylisting, greylisting_trial, open_greylisting
from postward.app.redis_target import open_calls
from postward.config import load
from postward.errors import ConfigErrors
from postward.pipeline.greylist_stage import GreylistStage, GreylistTrial


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return read


def test_by_default_there_is_none(read):
    config = read("redis: {url: 'redis://127.0.0.1:9'}\n")
    check_greylisting(config)
    calls = open_calls(config)
    assert open_greylisting(config, calls) is None
    calls.close()
    assert greylisting_trial(config) is None


def test_without_redis_it_cannot_be_switched_on(read):
    config = read("greylisting:\n  enabled: true\nredis: {url: null}\n")
    with pytest.raises(ConfigErrors) as caught:
        check_greylisting(config)
    (error,) = caught.value.errors
    assert (error.line, error.key) == (2, "greylisting.enabled")
    assert (error.message, error.hint) == ("there is no Redis to remember in", "set redis.url")


def test_switched_on_it_opens_whether_redis_is_there_or_not(read):
    config = read("greylisting: {enabled: true}\nredis: {url: 'unix:///nowhere/redis.sock'}\n")
    check_greylisting(config)
    calls = open_calls(config)
    assert isinstance(open_greylisting(config, calls), GreylistStage)
    calls.close()
    assert isinstance(greylisting_trial(config), GreylistTrial)
