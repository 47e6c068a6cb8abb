# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard read and written again by Grafana's own models: what these do not know would be missing."""

from __future__ import annotations

import json

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.unit.packaging.dashboard_file import DASHBOARD


def lost(ours, theirs, path=""):
    """What is not there any more, or is another thing; more may be there, such as defaults."""
    match ours:
        case dict():
            for key, value in ours.items():
                yield from lost(value, theirs[key], f"{path}.{key}") if key in theirs else [f"{path}.{key}"]
        case list():
            for at, (value, other) in enumerate(zip(ours, theirs, strict=True)):
                yield from lost(value, other, f"{path}[{at}]")
        case _ if ours != theirs:
            yield path


def read_and_written(model):
    return json.loads(JSONEncoder().encode(Dashboard.from_json(model)))


def test_grafana_knows_everything_in_it():
    plugins.register_default_plugins()
    assert list(lost(DASHBOARD, read_and_written(DASHBOARD))) == []


def test_what_grafana_does_not_know_is_found():
    plugins.register_default_plugins()
    [row, panel, *_] = DASHBOARD["panels"]
    wrong = {**DASHBOARD, "panels": [row, {**panel, "colour": "red"}]}
    assert list(lost(wrong, read_and_written(wrong))) == [".panels[1].colour"]
