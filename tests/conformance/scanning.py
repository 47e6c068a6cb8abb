# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``postward scan --json`` as an operator would, on a message and a zone."""

from __future__ import annotations

import json
from typing import Any

import yaml
from click.testing import CliRunner

from postward.cli.main import postward


def scan_json(tmp_path, message: bytes, zone: dict[str, Any] | None, *options: str, config: str | None = None) -> Any:
    """Give the parsed JSON; ``zone`` is written as the YAML file of ``--dns``."""
    (tmp_path / "message.eml").write_bytes(message)
    (tmp_path / "zone.yaml").write_text(yaml.safe_dump(zone or {}, allow_unicode=True), encoding="utf-8")
    arguments = ["scan", "--json", "--dns", str(tmp_path / "zone.yaml"), *options]
    if config is not None:
        (tmp_path / "postward.yaml").write_text(config, encoding="utf-8")
        arguments += ["--config", str(tmp_path / "postward.yaml")]
    result = CliRunner().invoke(postward, [*arguments, str(tmp_path / "message.eml")], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
