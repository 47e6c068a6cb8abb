"""Make what asks clients to come again when a worker is too busy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.return_path_settings import return_paths
from postward.app.settings import origin_settings
from postward.pipeline.shedding import LoadShedding, SheddingSettings
from postward.pipeline.shedding_bar import Lots, SheddingBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.outbound import OwnKeys
    from postward.config import Configuration
    from postward.model.reputation import Correspondence
    from postward.pipeline.shedding import SheddingWatcher
    from postward.pipeline.trust_book import TrustBook


def open_shedding(
    config: Configuration,
    keys: OwnKeys,
    secret: bytes,
    watcher: SheddingWatcher,
    *,
    book: TrustBook | None = None,
    pair: Callable[[str, str], Correspondence | None] | None = None,
) -> LoadShedding | None:
    """Give that of one worker, to be closed; None where it is switched off, or nothing is done to mail.

    ``secret`` is the host's own; ``book`` and ``pair`` as in ``pipeline.shedding``.
    """
    if not config.shedding.enabled or config.mode == "monitor":
        return None
    origin = origin_settings(config)
    settings = SheddingSettings(
        bar=SheddingBar(begin=config.shedding.begin, full=config.shedding.full),
        local_networks=origin.local_networks,
        outbound_daemon_names=origin.outbound_daemon_names,
    )
    paths = return_paths(config, keys.feedback.keys)
    return LoadShedding(settings, Lots(secret), watcher, book=book, return_paths=paths, pair=pair)
