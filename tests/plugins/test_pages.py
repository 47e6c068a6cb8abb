# SPDX-License-Identifier: GPL-3.0-or-later
"""Each plugin has a page; its examples are rules that load, and its table is that of the settings."""

from __future__ import annotations

import importlib
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from postward.rules.compile.load import load_rules
from postward.rules.plugins.definition import definition_of
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.testing import run_tests

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "plugins").glob("*.py"))
PAGES = {name: (ROOT / "docs" / "plugins" / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}
PLUGINS = {name: definition_of(getattr(importlib.import_module(f"plugins.{name}"), name)) for name in NAMES}
SHIPPED = load_plugins(PluginSettings())
MAX_LINES = 150


def problems(rules):
    """What the tests beside the rules say."""
    return [outcome.problems for outcome in run_tests(rules, SHIPPED.runner()) if outcome.problems]


def examples(page):
    return re.findall(r"(?ms)^```yaml\n(.*?)^```$", page)


def shown(value):
    """A default as the table writes it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_all_are_found():
    assert list(SHIPPED.names()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_load(name, tmp_path):
    for number, example in enumerate(examples(PAGES[name])):
        (tmp_path / f"{number}.yaml").write_text(example, encoding="utf-8")
    loaded = load_rules(tmp_path, plugins=SHIPPED).rules
    assert [rule for rule in loaded if rule.plugin == name]
    assert problems(loaded) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_that_of_the_settings(name):
    table = dict(re.findall(r"(?m)^\| `([a-z_]+)` \| (.*?) ?\| ", PAGES[name].partition("| setting |")[2]))
    defaults = {field.name: field.default for field in fields(PLUGINS[name].config)}
    assert list(table) == list(defaults)
    for setting, default in defaults.items():
        if default is MISSING:
            assert table[setting] == "(required)"
        elif not table[setting].startswith("(see"):
            assert table[setting].replace("`", "") == shown(default)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_it_costs_and_cannot_see(name):
    assert "**Cost.**" in PAGES[name]
    assert "**What it cannot see.**" in PAGES[name]


def test_the_overview_names_each(tmp_path):
    overview = (ROOT / "docs" / "plugins" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\| \[(\w+)\]\(\1\.md\)", overview)) == NAMES
    (tmp_path / "0.yaml").write_text(examples(overview)[0], encoding="utf-8")
    loaded = load_rules(tmp_path, plugins=SHIPPED).rules
    assert loaded
    assert problems(loaded) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_plugin_is_short_imports_the_interface_alone_and_is_named_after_its_file(name):
    source = (ROOT / "plugins" / f"{name}.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < MAX_LINES
    assert set(re.findall(r"(?:from|import) (postward[\w.]*)", source)) == {"postward.rules.api"}
    assert PLUGINS[name].id == name
    assert PLUGINS[name].description
