# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward status``: say how the running milter is doing."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.app.configuration_file import configuration_in_force
from postward.cli.status_health import find_problems
from postward.cli.status_text import status_text
from postward.mta.status import MtaStatus, default_status_path, read_status

if TYPE_CHECKING:
    from postward.config import Configuration


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
)
@click.option("--status-file", type=click.Path(path_type=Path), help="The status file of the running milter.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(config: Path | None, status_file: Path | None, as_json: bool) -> None:
    """Say how the running milter is doing; exit 0 if it runs and is well, 1 if not."""
    path = status_file or status_path(configuration_in_force(config))
    now_s = time.time()
    found = read_status(path)
    if found is None:
        problems = [_explain(path)]
    elif not found.keys() >= MtaStatus.__required_keys__:
        found, problems = None, [f"{path} was written by another version of Postward"]
    else:
        problems = find_problems(found, now_s)
    if as_json:
        click.echo(json.dumps({"healthy": not problems, "problems": problems, "status": found}, indent=2))
    else:
        click.echo(status_text(found, problems, now_s))
    if problems:
        raise click.exceptions.Exit(1)


def _explain(path: Path) -> str:
    try:
        path.stat()
    except FileNotFoundError:
        return f"not running: there is no {path}"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    return f"{path} cannot be read"


def status_path(configuration: Configuration) -> Path:
    """Return where the milter with this configuration writes its status."""
    return default_status_path(configuration.listen) or configuration.state_dir / "status.json"
