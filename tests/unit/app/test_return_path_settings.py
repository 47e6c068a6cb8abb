# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.return_path_settings import return_path_stage, return_paths
from postward.config import load
from postward.signing.feedback_keys import FeedbackKeys

KEYS = FeedbackKeys.of(b"k" * 32)
NOW_S = 1_700_000_000.0


def configured(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(f"return_path:\n{text}", encoding="utf-8")
    return load(path)


def test_by_default_there_is_nothing():
    assert return_paths(load(None), KEYS) is None
    assert return_path_stage(load(None), None) is None


def test_without_secrets_there_is_nothing(tmp_path):
    config = configured(tmp_path, "  style: batv\n  domains: [a.example]\n")
    assert return_paths(config, None) is None
    assert return_path_stage(config, None) is None


def test_batv(tmp_path):
    paths = return_paths(configured(tmp_path, "  style: batv\n  domains: [A.example]\n  max_age_days: 3\n"), KEYS)
    path = paths.make("alice@a.example", "", NOW_S)
    assert paths.read(path, NOW_S + 3 * 86_400).address == "alice@a.example"
    assert not paths.read(path, NOW_S + 4 * 86_400).address


def test_verp(tmp_path):
    text = "  style: verp\n  domains: [a.example]\n  bounce_domain: b.example\n  deliver_to: x@a.example\n  pool: q\n"
    assert return_paths(configured(tmp_path, text), KEYS).make("alice@a.example", "t", NOW_S) == "b+q.t@b.example"


def test_fields_alone_need_a_stage(tmp_path):
    config = configured(tmp_path, "  cfbl_address: fbl@a.example\n")
    assert return_paths(config, KEYS) is None
    assert return_path_stage(config, KEYS) is not None
