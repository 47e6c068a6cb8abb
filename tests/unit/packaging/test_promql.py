# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.unit.packaging.promql import faults, metrics_in


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("rate(postward_mesages_total[5m])", "no metric postward_mesages_total"),
        ("postward_sessions_bucket", "no metric postward_sessions_bucket"),
        ('postward_messages_total{verb="accept"}', "no label verb of postward_messages_total"),
        ('postward_messages_total{action=~"accept|rejected"}', "no value rejected of action"),
        ("sum by (instance, actions) (postward_messages_total)", "no label actions"),
        ("sum by (le) (postward_sessions)", "no label le"),
    ],
)
def test_what_does_not_exist_is_found(expression, fault):
    assert faults(expression) == [fault]


def test_what_exists_is_taken():
    expression = 'sum by (instance, le) (rate(postward_transaction_duration_seconds_bucket{stage="total"}[5m]))'
    assert faults(expression, "{{instance}} {{ $labels.stage }}") == []
    assert metrics_in(expression) == {"postward_transaction_duration_seconds"}
    assert faults("postward_sessions", "{{host}}") == ["no label host"]
