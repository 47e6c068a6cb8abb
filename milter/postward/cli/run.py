# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run``: the milter itself."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postward.mta.settings import ListenSettings
from postward.mta.supervisor import SupervisorOptions, run_supervisor
from postward.observability.logger import EventLog, is_journal_stream

if TYPE_CHECKING:
    import socket

    from postward.mta.engine import LoadedGeneration
    from postward.observability.collector_settings import CollectorSettings


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--listen", help="Socket for the MTA, in place of the configured one: unix:/PATH or inet:PORT@HOST.")
@click.option("--user", help="Become this user once the socket is open (for starts as root without systemd).")
@click.option("--status-file", type=click.Path(path_type=Path), help="Where `postward status` finds the state.")
@click.option("--stop-timeout-s", type=float, default=30.0, show_default=True, help="Seconds to let sessions end.")
def run(
    config: Path | None, listen: str | None, user: str | None, status_file: Path | None, stop_timeout_s: float
) -> None:
    """Serve an MTA until SIGTERM; SIGHUP loads the configuration anew, without losing a session."""
    options = SupervisorOptions(
        listen=ListenSettings(listen=listen) if listen else None,
        user=user,
        status_file=status_file,
        stop_timeout_s=stop_timeout_s,
    )
    journal = is_journal_stream(sys.stderr.fileno(), os.environ)
    log = EventLog(journal=journal)
    load_listen, load, collect = partial(_listen_settings, config), partial(_generation, config), partial(_collect, log)
    sys.exit(run_supervisor(options, load_listen, load, collect, log))


# These run in processes of their own: the supervisor itself imports neither the configuration nor plugins.
def _listen_settings(config: Path | None) -> ListenSettings:
    from postward.app.generation import load_listen_settings  # noqa: PLC0415 - see above

    return load_listen_settings(config)


def _generation(config: Path | None) -> LoadedGeneration:
    from postward.app.generation import load_generation  # noqa: PLC0415 - see above

    return load_generation(config)


def _collect(log: EventLog, channel: socket.socket, settings: CollectorSettings) -> None:
    from postward.observability.collector import run_collector  # noqa: PLC0415 - see above

    run_collector(channel, settings, log)
