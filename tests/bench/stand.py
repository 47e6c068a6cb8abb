# SPDX-License-Identifier: GPL-3.0-or-later
"""What all measurements share: a folder, the load generator, the messages, and a name server that knows them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from postward.config import load
from tests.bench.corpus import make_senders, outgoing_mix, standard_mix
from tests.bench.large import large_corpus
from tests.bench.load import LoadGenerator
from tests.bench.name_server import UnboundServer
from tests.bench.postward_filter import AUTHSERV_ID, PostwardFilter
from tests.bench.scanning_costs import LISTS_ZONE
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import reachable_installation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from postward.config import Configuration
    from tests.bench.corpus import Corpus, Sender
    from tests.mailhost.unprivileged import Installation


@dataclass(slots=True)
class Stand:
    """Used as a context manager; what was started on it is stopped with it."""

    root: Path = field(init=False)
    generator: LoadGenerator = field(init=False)
    installation: Installation = field(init=False)
    mix: Corpus = field(init=False)
    mix_files: list[Path] = field(init=False)
    senders: list[Sender] = field(init=False)
    outgoing: Corpus = field(init=False)
    """What the users of ``senders`` send."""
    large: Corpus = field(init=False)
    large_files: list[Path] = field(init=False)
    names: UnboundServer = field(init=False)
    running: ExitStack = field(init=False, default_factory=ExitStack)
    _filters: int = field(init=False, default=0)

    def __enter__(self) -> Self:
        with ExitStack() as running:
            self.root = running.enter_context(Scratch())
            self.generator = LoadGenerator(self.root)
            self.generator.build()
            self.installation = reachable_installation(self.root)
            self.mix, self.large = standard_mix(), large_corpus()
            self.mix_files = self.mix.write(self.root / "mix")
            self.senders = make_senders()
            self.outgoing = outgoing_mix(self.senders)
            self.large_files = self.large.write(self.root / "large")
            zone = {**self.mix.zone, **self.large.zone, **LISTS_ZONE}
            self.names = running.enter_context(UnboundServer(self.root / "unbound", zone))
            self.running = running.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.running.close()

    def filter(
        self, workers: int, *, name_server: str = "", settings: Mapping[str, Any] | None = None
    ) -> PostwardFilter:
        """Make a Postward of its own, to be entered; it asks the quick name server unless told."""
        self._filters += 1
        folder = self.root / f"postward-{self._filters}"
        return PostwardFilter(
            folder, self.installation, name_server or self.names.server, workers=workers, settings=settings or {}
        )

    def configuration(self) -> Configuration:
        """Give the configuration that these have, for what is measured without a service."""
        path = self.root / "in-process.yaml"
        path.write_text(f'authserv_id: {AUTHSERV_ID}\ndns:\n  servers: ["{self.names.server}"]\n')
        return load(path)
