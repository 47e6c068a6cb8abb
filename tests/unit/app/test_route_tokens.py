# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.mark_secret import mark_secret
from postward.app.route_tokens import kept_route_tokens, load_route_tokens
from postward.config import load
from postward.errors import UsageError


@pytest.fixture
def config_of(tmp_path):
    def make(routes="{partner: 'smtp:[relay.example.com]'}"):
        path = tmp_path / "postward.yaml"
        path.write_text(f"state_dir: {tmp_path}\nroutes: {routes}\n")
        return load(path)

    return make


def test_the_service_makes_its_secret_and_keeps_its_tokens(config_of, tmp_path):
    first = load_route_tokens(config_of(), makes_secret=True)
    assert load_route_tokens(config_of(), makes_secret=True) == first
    assert kept_route_tokens(config_of()) == first
    assert list(first) == ["partner"]
    assert len(mark_secret(tmp_path)[0]) == 32


def test_a_trial_leaves_nothing_behind_and_has_tokens_of_its_own(config_of, tmp_path):
    tokens = load_route_tokens(config_of(), makes_secret=False)
    assert list(tokens) == ["partner"]
    assert [path.name for path in tmp_path.iterdir()] == ["postward.yaml"]
    assert load_route_tokens(config_of(), makes_secret=False) != tokens


def test_what_postfix_is_told_must_be_what_the_service_uses(config_of):
    with pytest.raises(UsageError):
        kept_route_tokens(config_of())


def test_without_routes_no_secret_is_needed(config_of):
    config = config_of("{}")
    assert kept_route_tokens(config) == load_route_tokens(config, makes_secret=False) == {}
