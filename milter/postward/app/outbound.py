# SPDX-License-Identifier: GPL-3.0-or-later
"""Put together what mail of our own users, and mail that goes on, needs: keys, questions at RCPT, stages of a plan."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.app.return_path_secrets import load_feedback_secrets
from postward.app.return_path_settings import return_path_settings, return_path_stage, return_paths
from postward.app.route_tokens import NO_ROUTES, load_route_tokens
from postward.app.rule_directory import rule_directory
from postward.app.sealing_settings import load_sealing_key, seal_when
from postward.app.settings import authserv_id, submission_settings_of
from postward.app.signing_keys import load_signing_keys
from postward.app.signing_settings import defers_on_unusable_key, dkim_signing_settings
from postward.checks.sender import SenderCheck
from postward.pipeline.bounce_question import BounceQuestion
from postward.pipeline.known_recipient import KnownRecipient
from postward.pipeline.plan_stage import PlanStages
from postward.pipeline.recipient_desk import RecipientDesk
from postward.pipeline.restored_recipient import RestoredRecipient
from postward.pipeline.routing import KeptRouteStage, RoutingStage
from postward.pipeline.sealing_stage import SealingSettings, SealingStage
from postward.pipeline.sender_question import SenderQuestion
from postward.pipeline.signing_stage import SigningStage
from postward.pipeline.spacing_stage import SpacingStage
from postward.pipeline.submission_stage import SubmissionStage
from postward.pipeline.unreadable_return_path import UnreadableReturnPath
from postward.signing.key_file import ServiceAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from postward.app.return_path_secrets import FeedbackSecrets
    from postward.app.sealing_settings import SealingKey
    from postward.app.signing_keys import SigningKeys
    from postward.config import Configuration
    from postward.directory.directory import Directory
    from postward.errors import ConfigError
    from postward.pipeline.plan_stage import PlanStage
    from postward.pipeline.recipient_desk import RecipientQuestion
    from postward.signing.return_path import ReturnPaths


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeys:
    """All private keys of this host, and what is made of its secrets; loaded once, before the workers are made."""

    signing: SigningKeys
    sealing: SealingKey
    feedback: FeedbackSecrets
    routes: Mapping[str, str] = field(default_factory=lambda: NO_ROUTES)
    """The token of each route by its name."""

    @property
    def faults(self) -> tuple[ConfigError, ...]:
        """Keys that cannot be used, which stop nobody: their mail waits or goes unsigned, as configured."""
        return (*self.signing.faults, *self.sealing.faults, *self.feedback.faults)


def load_own_keys(config: Configuration, *, makes_secret: bool = False) -> OwnKeys:
    """Load the keys as the account that this process runs as; never raises for a bad key.

    ``makes_secret``: what the service keeps for itself, and lacks, is made.
    """
    account = ServiceAccount(uid=os.geteuid(), gid=os.getegid())
    return OwnKeys(
        signing=load_signing_keys(config, account),
        sealing=load_sealing_key(config, account),
        feedback=load_feedback_secrets(config, account, makes_secret=makes_secret),
        routes=load_route_tokens(config, makes_secret=makes_secret),
    )


def plan_stages(
    config: Configuration,
    keys: OwnKeys,
    directory: Directory,
    *,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> PlanStages:
    """Make the stages that complete a plan, in their order: what signs comes last, save for what is taken off again."""
    stages: list[PlanStage] = [SubmissionStage(submission_settings_of(config), random)]
    return_path = return_path_stage(config, keys.feedback.keys)
    if return_path is not None:
        stages.append(return_path)
    if config.signing.enabled:
        stages.append(SpacingStage())
        stages.append(
            SigningStage(
                keys.signing.keyring,
                dkim_signing_settings(config),
                defers_on_unusable=defers_on_unusable_key(config),
            )
        )
    when = seal_when(config)
    if when:
        sealing = SealingSettings(when=when, authserv_id=authserv_id(config), sealer=keys.sealing.sealer)
        stages.append(SealingStage(sealing, directory))
    known = rule_directory(directory)
    if keys.routes:
        stages.append(RoutingStage(keys.routes, known))
    # Also without routes: what was kept when there were some must not go the usual way.
    return PlanStages(*stages, again=(KeptRouteStage(keys.routes, known),))


def changes_envelope(keys: OwnKeys, directory: Directory) -> bool:
    """Whether plans may change senders or recipients."""
    return not directory.is_empty or keys.feedback.keys is not None


def recipient_desk(
    config: Configuration, keys: OwnKeys, directory: Directory, rules: RecipientQuestion | None = None
) -> RecipientDesk | None:
    """Make what answers recipients; None where nobody is ever refused.  ``rules`` are asked last: they cost most."""
    if config.mode == "monitor":
        return None
    questions: list[RecipientQuestion] = []
    paths = return_paths(config, keys.feedback.keys)
    if paths is not None and config.return_path.refuse_forged:
        questions.append(BounceQuestion(paths))
    if not directory.is_empty:
        submission, users_are_ours = submission_settings_of(config), config.origin.authenticated_is_outbound
        if users_are_ours:
            questions.append(SenderQuestion(SenderCheck(directory), submission))
        known = KnownRecipient(directory, defers_users=submission.defer_on_directory_failure or not users_are_ours)
        questions.append(_about_the_restored(known, config, paths))
    if rules is not None:
        questions.append(rules)
    return RecipientDesk(questions) if questions else None


def _about_the_restored(
    question: RecipientQuestion, config: Configuration, paths: ReturnPaths | None
) -> RecipientQuestion:
    settings = return_path_settings(config)
    if settings is None:
        return question
    return UnreadableReturnPath(question, settings) if paths is None else RestoredRecipient(question, paths)
