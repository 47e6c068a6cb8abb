# SPDX-License-Identifier: GPL-3.0-or-later
"""What transport rules cost: none of them, many that do not match, and one that is a plugin in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench.contender import Contender
from tests.bench.postward_filter import WORKERS_AS_SHIPPED
from tests.bench.rounds import Course, run_rounds
from tests.bench.rule_mix import write_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bench.rounds import Figures
    from tests.bench.stand import Stand

NO_RULES, HUNDRED, THOUSAND = "Postward, no rules", "Postward, 100 rules", "Postward, 1,000 rules"
THOUSAND_INSIDE = "Postward, 1,000 rules, 144 of them on text and attachments"
PLUGIN = "Postward, one plugin that looks at the header"
PLUGIN_BODY = "Postward, one plugin that looks at the body"

_PLUGIN = '''
from postward.rules.api import Tag, rule


@rule(id="header_plugin", needs={"headers"}, may={"tag"})
def header_plugin(message, config, context):
    """Look at the subject."""
    return [Tag(name="seen")] if "lottery" in message.subject else None


@rule(id="body_plugin", needs={"headers", "body"}, may={"tag"})
def body_plugin(message, config, context):
    """Look at the text."""
    return [Tag(name="seen")] if "lottery" in message.body_text else None
'''


def measure_rules(stand: Stand, messages: int, rounds: int, say: Callable[[str], None]) -> dict[str, Figures]:
    """Time Postward with each set of rules in turn."""
    folder = stand.root / "rule-costs"
    folder.mkdir()
    folder.chmod(0o755)
    sets = {
        NO_RULES: _files(write_rules(folder / "none", 0)),
        HUNDRED: _files(write_rules(folder / "100", 100)),
        THOUSAND: _files(write_rules(folder / "1000", 1000)),
        THOUSAND_INSIDE: _files(write_rules(folder / "1000-inside", 1000, look_inside=True)),
        PLUGIN: _plugin(folder, "header_plugin"),
        PLUGIN_BODY: _plugin(folder, "body_plugin"),
    }
    contenders = [_contender(stand, name, settings) for name, settings in sets.items()]
    course = Course(
        generator=stand.generator,
        files=stand.mix_files,
        name_server_pid=stand.names.pid,
        messages=messages,
        rounds=rounds,
    )
    return run_rounds(contenders, course, say)


def _files(folder: Path) -> dict[str, Any]:
    return {"folder": str(folder)}


def _plugin(folder: Path, name: str) -> dict[str, Any]:
    plugins = folder / "plugins"
    plugins.mkdir(exist_ok=True)
    plugins.chmod(0o755)
    (plugins / "measured.py").write_text(_PLUGIN)
    (plugins / "measured.py").chmod(0o644)
    rules = write_rules(folder / name, 0)
    path = rules / "plugin.yaml"
    path.write_text(f"rules:\n- id: measured\n  direction: inbound\n  plugin: {name}\n")
    path.chmod(0o644)
    return {"folder": str(rules), "plugin_path": [str(plugins)]}


def _contender(stand: Stand, name: str, settings: dict[str, Any]) -> Contender:
    running = stand.running.enter_context(stand.filter(WORKERS_AS_SHIPPED, settings={"rules": settings}))
    return Contender(name=name, milters=(running.address,), roots=(running.pid,), methods=())
