# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the configuration into the settings of the parts: small frozen values declared beside the code they steer."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from postward.actions.decision import DecisionSettings
from postward.actions.disposition import DmarcEnforcement, Enforcement
from postward.actions.plan import OutputSettings
from postward.actions.results_field import OutboundResults
from postward.actions.scan_disposition import OnVirus, ScanSettings
from postward.app.scoring import scale_of
from postward.app.submission_settings import submission_settings
from postward.authn.arc import ArcSettings
from postward.authn.dkim import DkimSettings
from postward.authn.spf import SpfSettings
from postward.checks.origin import OriginSettings
from postward.dns.cares import DnsSettings
from postward.mta.settings import FailureAction, MessageLimits, MtaSettings
from postward.pipeline.evaluation import PipelineSettings

if TYPE_CHECKING:
    from postward.actions.submission import SubmissionSettings
    from postward.config import Configuration


def pipeline_settings(config: Configuration) -> PipelineSettings:
    """Settings of the pipeline."""
    return PipelineSettings(
        origin=origin_settings(config),
        decision=DecisionSettings(
            suspect_threshold=config.scoring.suspect_threshold,
            junk_threshold=config.scoring.junk_threshold,
            reject_threshold=config.scoring.reject_threshold,
            dmarc=_enforcement(config),
            submission=submission_settings_of(config),
            scans=ScanSettings(on_virus=_on_virus(config)),
        ),
        output=_output(config),
        scale=scale_of(config),
        monitor=config.mode == "monitor",
        max_inspected_bytes=max(config.rules.max_inspected_bytes, config.content.max_inspected_bytes),
        defer_on_failure=config.message.failure_action == "tempfail",
    )


def submission_settings_of(config: Configuration) -> SubmissionSettings:
    """What our own users may send."""
    return submission_settings(config, authserv_id(config))


def origin_settings(config: Configuration) -> OriginSettings:
    """Who is our own, and whose word is believed."""
    origin = config.origin
    return OriginSettings(
        local_networks=origin.local_networks,
        authenticated_is_outbound=origin.authenticated_is_outbound,
        outbound_daemon_names=frozenset(origin.outbound_daemon_names),
        trusted_relays=origin.trusted_relays,
    )


def authserv_id(config: Configuration) -> str:
    """The name under which results are reported: as configured, else this host's full name."""
    return config.authserv_id or socket.getfqdn().lower() or "localhost"


def spf_settings(config: Configuration) -> SpfSettings:
    """How SPF is evaluated."""
    return SpfSettings(
        void_lookups_per_term=config.spf.void_lookups_per_term, max_void_lookups=config.spf.void_lookup_limit
    )


def dkim_settings(config: Configuration) -> DkimSettings:
    """How signatures are verified."""
    return DkimSettings(max_signatures=config.dkim.max_signatures, min_rsa_bits=config.dkim.min_rsa_bits)


def arc_settings(config: Configuration) -> ArcSettings:
    """How chains are validated."""
    return ArcSettings(min_rsa_bits=config.dkim.min_rsa_bits)


def dns_settings(config: Configuration) -> DnsSettings:
    """How the resolver asks and remembers."""
    dns = config.dns
    return DnsSettings(
        servers=tuple(str(server) for server in dns.servers),
        timeout_s=dns.timeout_s,
        tries=dns.tries,
        cache_entries=dns.cache_entries,
        cache_max_bytes=dns.cache_max_bytes,
        max_ttl_s=dns.max_ttl_s,
        negative_ttl_s=dns.negative_ttl_s,
        failure_ttl_s=dns.failure_ttl_s,
    )


def mta_settings(config: Configuration) -> MtaSettings:
    """How the milter serves."""
    message = config.message
    return MtaSettings(
        deadline_s=message.deadline_s,
        progress_interval_s=message.progress_interval_s,
        max_threads=message.max_concurrent,
        # Without the fallback's fields a message would pass unfiltered, with all that it says in our name.
        failure_action=FailureAction.ACCEPT if config.mode == "monitor" else FailureAction.TEMPFAIL,
        limits=MessageLimits(
            max_header_fields=message.max_header_fields,
            max_header_bytes=message.max_header_bytes,
            max_body_bytes=message.max_body_bytes,
            body_memory_bytes=message.body_memory_bytes,
            spool_dir=str(message.spool_dir),
        ),
    )


def _enforcement(config: Configuration) -> DmarcEnforcement:
    dmarc = config.dmarc
    return DmarcEnforcement(
        on_reject=Enforcement(dmarc.on_reject),
        on_quarantine=Enforcement(dmarc.on_quarantine),
        multiple_from=Enforcement(dmarc.multiple_from),
        defer_on_temperror=dmarc.on_temperror == "defer",
        exempt_networks=dmarc.exempt.networks,
        exempt_dkim_domains=frozenset(dmarc.exempt.dkim_domains),
        exempt_sealers=frozenset(dmarc.exempt.sealers),
    )


def _on_virus(config: Configuration) -> OnVirus:
    """A virus is never delivered as if it were none: where no field would mark it as junk it is held."""
    wanted = OnVirus(config.clamav.on_virus)
    return OnVirus.QUARANTINE if wanted is OnVirus.JUNK and not config.output.spam_headers else wanted


def _output(config: Configuration) -> OutputSettings:
    return OutputSettings(
        authserv_id=authserv_id(config),
        authentication_results=config.output.authentication_results,
        outbound_results=OutboundResults(config.output.outbound_results),
        received_spf=config.spf.received_spf,
        spam_headers=config.output.spam_headers,
        remove_subdomain_results=config.output.remove_subdomain_results,
        junk_threshold=config.scoring.junk_threshold,
    )
