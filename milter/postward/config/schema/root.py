# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of postward.yaml."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from pydantic import Field

from postward.config.schema.archive import ArchiveSection
from postward.config.schema.authentication import ArcSection, DkimSection, IprevSection, SpfSection
from postward.config.schema.content import ContentSection
from postward.config.schema.directory import DirectorySection
from postward.config.schema.dmarc import DmarcSection
from postward.config.schema.dns import DnsSection
from postward.config.schema.dns_lists import DnsListsSection
from postward.config.schema.domain import OptionalDomain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.endpoint import Listen, parse_listen
from postward.config.schema.greylisting import GreylistingSection
from postward.config.schema.message import MessageSection
from postward.config.schema.notify import NotifySection
from postward.config.schema.origin import OriginSection
from postward.config.schema.output import OutputSection
from postward.config.schema.path import Directory, FileMode, OptionalGroup, parse_directory
from postward.config.schema.quarantine import ModerationSection, QuarantineSection
from postward.config.schema.quotas import QuotasSection
from postward.config.schema.redis import RedisSection
from postward.config.schema.reputation import ReputationSection
from postward.config.schema.return_path import ReturnPathSection
from postward.config.schema.routes import Routes  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.rules import RulesSection
from postward.config.schema.scanners import ClamavSection, RspamdSection, SpamassassinSection
from postward.config.schema.scoring import ScoringSection
from postward.config.schema.sealing import SealingSection
from postward.config.schema.section import Section, key, section
from postward.config.schema.service import EventsSection, LogSection, MetricsSection
from postward.config.schema.shedding import SheddingSection
from postward.config.schema.signing import SigningSection
from postward.config.schema.submission import SubmissionSection


class RootSection(Section):
    """Every key of postward.yaml."""

    mode: Literal["enforce", "monitor"] = key(
        "enforce acts on messages; monitor computes and logs everything and leaves them untouched.", default="enforce"
    )
    authserv_id: OptionalDomain = key(
        "Name under which this host reports authentication results (RFC 8601 section 2.2); null is the host's full"
        " name.  Hosts that share a mail store's trust may share it.",
        default=None,
    )
    listen: Listen = key(
        "Where the MTA finds Postward: unix:/PATH or inet:PORT@ADDRESS.  `postward mta postfix` prints what goes with"
        " it into main.cf; for a chrooted Postfix the path must lie in its queue directory.",
        default=parse_listen("unix:/run/postward/milter.sock"),
    )
    socket_mode: FileMode = key("Mode of the Unix socket.", default="0660")
    socket_group: OptionalGroup = key(
        "Group of the Unix socket, such as postfix; null leaves the one that its directory or the service gives.",
        default=None,
    )
    workers: int = key("Worker processes; 0 is two for every core.", default=0, least=0, most=256)
    state_dir: Directory = key(
        "Directory for what Postward keeps from one start to the next.", default=parse_directory("/var/lib/postward")
    )
    message: MessageSection = section(MessageSection)
    shedding: SheddingSection = section(SheddingSection)
    origin: OriginSection = section(OriginSection)
    dns: DnsSection = section(DnsSection)
    spf: SpfSection = section(SpfSection)
    dkim: DkimSection = section(DkimSection)
    arc: ArcSection = section(ArcSection)
    dmarc: DmarcSection = section(DmarcSection)
    iprev: IprevSection = section(IprevSection)
    content: ContentSection = section(ContentSection)
    dns_lists: DnsListsSection = section(DnsListsSection)
    output: OutputSection = section(OutputSection)
    directory: DirectorySection = section(DirectorySection)
    signing: SigningSection = section(SigningSection)
    submission: SubmissionSection = section(SubmissionSection)
    return_path: ReturnPathSection = section(ReturnPathSection)
    sealing: SealingSection = section(SealingSection)
    routes: Routes = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Other ways for mail by the name that rules know: {partner: 'smtp:[relay.example.com]:587', tls:"
        " 'tlsonly:'}, each a transport of master.cf with a next hop, or none for that of each recipient's domain."
        "  `postward mta postfix` prints what Postfix has to know of them (docs/routes.md).",
    )
    quarantine: QuarantineSection = section(QuarantineSection)
    moderation: ModerationSection = section(ModerationSection)
    archive: ArchiveSection = section(ArchiveSection)
    notify: NotifySection = section(NotifySection)
    rules: RulesSection = section(RulesSection)
    clamav: ClamavSection = section(ClamavSection)
    spamassassin: SpamassassinSection = section(SpamassassinSection)
    rspamd: RspamdSection = section(RspamdSection)
    scoring: ScoringSection = section(ScoringSection)
    reputation: ReputationSection = section(ReputationSection)
    greylisting: GreylistingSection = section(GreylistingSection)
    quotas: QuotasSection = section(QuotasSection)
    log: LogSection = section(LogSection)
    metrics: MetricsSection = section(MetricsSection)
    events: EventsSection = section(EventsSection)
    redis: RedisSection = section(RedisSection)
