# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.submission import Mismatch, MultipleFrom, SubmissionSettings
from postward.app.submission_settings import submission_settings
from postward.config import load
from postward.errors import ConfigErrors


def config(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_the_defaults():
    assert submission_settings(load(None), "mx.example") == SubmissionSettings(message_id_domain="mx.example")


def test_every_key_arrives(tmp_path):
    configured = config(
        tmp_path,
        "submission:\n  on_envelope_mismatch: replace\n  on_from_mismatch: hold\n  on_multiple_from: reject\n"
        "  on_directory_failure: accept\n  complete: false\n",
    )
    assert submission_settings(configured, "mx.example") == SubmissionSettings(
        on_envelope_mismatch=Mismatch.REPLACE,
        on_from_mismatch=Mismatch.HOLD,
        on_multiple_from=MultipleFrom.REJECT,
        defer_on_directory_failure=False,
        complete=False,
        message_id_domain="mx.example",
    )


def test_from_that_is_reported_is_let_through(tmp_path):
    configured = config(tmp_path, "submission: {on_from_mismatch: report, on_multiple_from: accept}\n")
    settings = submission_settings(configured, "mx.example")
    assert (settings.on_from_mismatch, settings.on_multiple_from) == (Mismatch.ACCEPT, MultipleFrom.ACCEPT)


@pytest.mark.parametrize("text", ["on_from_mismatch: accept", "on_envelope_mismatch: report", "complete: yes please"])
def test_words_that_there_are_not(tmp_path, text):
    with pytest.raises(ConfigErrors):
        config(tmp_path, f"submission: {{{text}}}\n")


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("MX.Example.", "mx.example"),
        ("b\xfccher.example", "xn--bcher-kva.example"),
        ("my host", "localhost"),
        ("a>b", "localhost"),
        ("", "localhost"),
    ],
)
def test_a_message_id_bears_a_name_that_fits(name, domain):
    assert submission_settings(load(None), name).message_id_domain == domain
