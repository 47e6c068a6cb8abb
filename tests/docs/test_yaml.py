# SPDX-License-Identifier: GPL-3.0-or-later
"""Each block of YAML in the documentation is a configuration, a domain, or rules that Postward takes."""

from __future__ import annotations

import pytest
import yaml

from postward.app.configuration_file import checked_configuration
from postward.config.domain_files import load_domain_files
from postward.rules.compile.load import load_rules
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.testing import run_tests
from postward.scoring.catalogue import SYMBOLS
from tests.docs.pages import blocks, pages

BLOCKS = [block for page in pages() for block in blocks(page) if block.kind == "yaml"]
SHIPPED = load_plugins(PluginSettings())
# The page that builds up a plugin of one's own tries its rule with that plugin, in its own test.
FOREIGN_PLUGINS = {"crowd"}


def kind_of(value):
    if isinstance(value, list):
        return "alerts" if all("alert" in entry for entry in value) else "unknown"
    if isinstance(value.get("rules"), list):
        return "rules"
    if value.keys() <= {"when", "unless", "do"}:
        return "part of a rule"
    return "domain" if "domain" in value else "configuration"


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_it_is_taken(block, tmp_path):
    value = yaml.safe_load(block.text)
    path = tmp_path / "example.yaml"
    path.write_text(block.text, encoding="utf-8")
    match kind_of(value):
        case "rules":
            if {rule.get("plugin") for rule in value["rules"]} & FOREIGN_PLUGINS:
                return
            rules = load_rules(tmp_path, plugins=SHIPPED).rules
            assert [outcome.problems for outcome in run_tests(rules, SHIPPED.runner()) if outcome.problems] == []
        case "part of a rule":
            whole = {"id": "example", "direction": "inbound", "do": [{"tag": "example"}], **value}
            path.write_text(yaml.safe_dump({"rules": [whole]}), encoding="utf-8")
            assert len(load_rules(tmp_path).rules) == 1
        case "domain":
            assert len(load_domain_files(tmp_path, frozenset(SYMBOLS))) == 1
        case "configuration":
            checked_configuration(path)
        case kind:
            assert kind == "alerts"  # of Prometheus, which the test of the alert rules reads


def test_there_are_blocks_of_each_kind():
    kinds = {kind_of(yaml.safe_load(block.text)) for block in BLOCKS}
    assert kinds - {"alerts"} == {"rules", "part of a rule", "domain", "configuration"}
