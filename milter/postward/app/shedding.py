# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what asks clients to come again when a worker is too busy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.app.return_path_settings import return_paths
from postward.app.settings import origin_settings
from postward.pipeline.client_trust import TrustModel
from postward.pipeline.shedding import LoadShedding, SheddingSettings
from postward.pipeline.shedding_bar import Lots, SheddingBar
from postward.pipeline.trust_book import TrustBook
from postward.reputation.correspondence import correspondence

if TYPE_CHECKING:
    from postward.app.outbound import OwnKeys
    from postward.app.reputation import OpenReputation
    from postward.config import Configuration
    from postward.observability.logger import EventLog
    from postward.pipeline.shedding import SheddingWatcher


def open_shedding(
    config: Configuration,
    keys: OwnKeys,
    secret: bytes,
    watcher: SheddingWatcher,
    log: EventLog,
    *,
    reputation: OpenReputation | None = None,
) -> LoadShedding | None:
    """Give that of one worker, to be closed before ``reputation``; None where it is off, or nothing is done to mail.

    ``secret`` is the host's own; without ``reputation`` nobody is known.
    """
    if not config.shedding.enabled or config.mode == "monitor":
        return None
    settings = SheddingSettings(
        bar=SheddingBar(begin=config.shedding.begin, full=config.shedding.full),
        origin=origin_settings(config),
    )
    return LoadShedding(
        settings,
        Lots(secret),
        watcher,
        book=TrustBook(reputation.store, TrustModel(reputation.lineage), log) if reputation is not None else None,
        return_paths=return_paths(config, keys.feedback.keys),
        pair=correspondence if config.reputation.correspondents.enabled else None,
    )
