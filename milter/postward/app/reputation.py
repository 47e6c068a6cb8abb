# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what knows senders from what they have sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.scoring import scale_of
from postward.errors import ConfigErrors, UsageError
from postward.observability.reputation_reporting import ReputationReporting
from postward.pipeline.evaluation import REPUTATION_SHARE
from postward.pipeline.reputation_stage import ReputationReader, ReputationSettings, ReputationStage
from postward.reputation.asn_table import read_asn_table
from postward.reputation.label import LabelSettings
from postward.reputation.lineage import Lineage
from postward.reputation.opinion import OpinionSettings
from postward.reputation.store import ReputationStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.config import Configuration
    from postward.dns.public_suffix import PublicSuffixes
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics
    from postward.reputation.asn_table import AsnTable
    from postward.store.reputation.records import RedisReputation
    from postward.store.timed_calls import TimedCalls

_MOST_PENALTY = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReputation:
    """That of one worker."""

    stage: ReputationStage
    store: ReputationStore
    lineage: Lineage
    records: RedisReputation

    def close(self) -> None:
        """Send what was learnt, for some seconds at the most; before the way to Redis is closed."""
        self.records.close()


def load_asn_table(config: Configuration) -> AsnTable | None:
    """Read the table, before the workers are forked; None where there is none.  Raises ConfigErrors."""
    path = config.reputation.asn_table
    if path is None or not config.reputation.enabled:
        return None
    try:
        return read_asn_table(path)
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror}"
    except UsageError as error:
        problem = f"{path}: {error}"
    raise ConfigErrors([config.error_at("reputation.asn_table", problem)])


def make_lineage(suffixes: Callable[[], PublicSuffixes], systems: AsnTable | None = None) -> Lineage:
    """Make what knows networks and organizations; ``suffixes`` are asked when the first domain comes."""
    return Lineage(lambda name: suffixes().organizational_domain(name), systems)


def open_reputation(
    config: Configuration,
    calls: TimedCalls | None,
    suffixes: Callable[[], PublicSuffixes],
    log: EventLog,
    metrics: WorkerMetrics,
    *,
    systems: AsnTable | None = None,
) -> OpenReputation | None:
    """Give the stage of this process, for threads do not survive a fork; to be closed before ``calls``.

    None where it is switched off, or without ``calls``.
    """
    if calls is None or not config.reputation.enabled:
        return None
    from postward.store.reputation.records import RedisReputation  # noqa: PLC0415 - as in app.rates

    records = RedisReputation(calls, ReputationReporting(log, metrics))
    records.start(log)
    lineage = make_lineage(suffixes, systems)
    store = ReputationStore(records, lineage)
    stage = ReputationStage(store, lineage, reputation_settings(config))
    return OpenReputation(stage=stage, store=store, lineage=lineage, records=records)


def reputation_reader(
    config: Configuration,
    calls: TimedCalls | None,
    suffixes: Callable[[], PublicSuffixes],
    *,
    systems: AsnTable | None = None,
) -> ReputationReader | None:
    """Give what tells what is known of a stored message's senders, and learns nothing; None as above."""
    if calls is None or not config.reputation.enabled:
        return None
    from postward.store.reputation.records import RedisReputation  # noqa: PLC0415 - as in app.rates

    lineage = make_lineage(suffixes, systems)
    store = ReputationStore(RedisReputation(calls), lineage)
    return ReputationReader(store, lineage, reputation_settings(config).opinion)


def reputation_settings(config: Configuration) -> ReputationSettings:
    """How much it counts, and what teaches it."""
    section, scoring = config.reputation, config.scoring
    penalty = section.max_penalty
    return ReputationSettings(
        scale=scale_of(config),
        opinion=OpinionSettings(
            max_bonus=section.max_bonus,
            max_penalty=min(_MOST_PENALTY, REPUTATION_SHARE * scoring.junk_threshold) if penalty is None else penalty,
            trusts_correspondents=section.correspondents.enabled,
        ),
        label=LabelSettings(
            suspect_threshold=min(scoring.suspect_threshold, scoring.junk_threshold),
            junk_threshold=scoring.junk_threshold,
        ),
    )
