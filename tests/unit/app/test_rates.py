# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.rates import open_rates
from postward.app.redis_target import open_calls
from postward.config import load
from postward.errors import TemporaryFailure
from postward.store.local_rates import LocalRates


def test_without_redis_each_worker_counts_by_itself(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text("redis: {url: null}\n", encoding="utf-8")
    rates = open_rates(open_calls(load(path)))
    assert isinstance(rates, LocalRates)
    assert rates.count("x", windows=1, window_s=60, now_s=0) == (1,)


def test_with_redis_all_workers_count_together_or_not_at_all(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_text(f"redis: {{url: 'unix://{tmp_path}/none.sock'}}\n", encoding="utf-8")
    calls = open_calls(load(path))
    with pytest.raises(TemporaryFailure):
        open_rates(calls).count("x", windows=1, window_s=60, now_s=0)
    calls.close()
