# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest

from postward.config import load
from postward.config.document.scalar import plain_value
from postward.config.reference import reference, to_yaml
from postward.config.schema.root import RootSection
from postward.config.schema.section import Section

SHIPPED = Path(__file__).parents[3] / "conf" / "postward.yaml"


def keys(section: type[Section]) -> list[str]:
    names = []
    for name, field in section.model_fields.items():
        names.append(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            names += keys(field.annotation)
    return names


def test_the_shipped_file_is_the_generated_one():
    assert SHIPPED.read_text(encoding="utf-8") == reference()


def test_the_shipped_file_gives_the_defaults():
    assert dict(load(SHIPPED)) == dict(load(None))


def test_every_key_stands_in_it_and_taken_out_of_comments_gives_the_defaults(tmp_path):
    uncommented = re.sub(r"(?m)^( *)#(?=[a-z])", r"\1", reference())
    assert re.findall(r"(?m)^ *([a-z0-9_]+):", uncommented) == keys(RootSection)
    path = tmp_path / "all.yaml"
    path.write_text(uncommented, encoding="utf-8")
    assert dict(load(path)) == dict(load(None))


def test_every_key_has_a_meaning():
    text = reference()
    for match in re.finditer(r"(?m)^ *#[a-z0-9_]+:", text):
        before = text[: match.start()].splitlines()[-1]
        assert before.lstrip().startswith("# "), match.group()


def test_no_line_is_too_long_to_read():
    assert max(map(len, reference().splitlines())) <= 100


@pytest.mark.parametrize(
    "text", ["0660", "yes", "null", "", "a: b", "#x", "127.0.0.1:25", "- a", "plain", "unix:/run/x"]
)
def test_text_survives_being_written(text):
    written = to_yaml(text)
    assert written.strip('"') == text
    assert written.startswith('"') or plain_value(written) == text
