# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` itself with every check on, and messages that give every check work to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml

from tests.dns_fixture import DnsFixture
from tests.mailhost.letters import forged_from, genuine, through_list
from tests.mailhost.unprivileged import hand_over
from tests.milter.server import Server, installation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.mailhost.letters import Letter
    from tests.mailhost.world import World


class Filter(Server):
    """``postward run`` with an authserv-id of mx.example.net."""

    def __init__(self, name_server: str) -> None:
        self.name_server = name_server
        super().__init__()
        self.state = self.directory / "state"
        self.state.mkdir()
        self.configure()

    def configure(self, *, dns: Mapping[str, object] | None = None, **settings: object) -> None:
        written = {
            "authserv_id": "mx.example.net",
            "state_dir": str(self.directory / "state"),
            "workers": 2,
            "dns": {"servers": [self.name_server], **(dns or {})},
            "arc": {"trusted_sealers": ["lists.example"]},
            "metrics": {"listen": None},
            "redis": {"url": None},
        }
        self.configuration.write_text(yaml.safe_dump(written | settings))

    def command(self, listen: str) -> list[str]:
        return [*installation().command, "run", "--config", str(self.configuration), "--listen", listen]

    def hand_over(self) -> None:
        super().hand_over()
        hand_over(self.state)

    def verdict(self, queue_id: str) -> str:
        """The log line of a message, which is waited for."""
        return self.wait_for(f" qid={queue_id} ")[0]


@contextmanager
def running_filter(
    world: World, *, environment: Mapping[str, str] | None = None, **settings: object
) -> Iterator[Filter]:
    """Start a filter that asks a name server of its own; ``settings`` are more of its configuration."""
    with DnsFixture(world.zone()) as names:
        one = Filter(names.address)
        one.configure(**settings)
        try:
            yield one.start(environment=environment)
        finally:
            one.stop()


def letters(world: World) -> list[Letter]:
    """A signed one, a forged one, and one that a mailing list has changed and sealed."""
    return [genuine(world), forged_from(world), through_list(world)]
