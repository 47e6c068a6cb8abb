# SPDX-License-Identifier: GPL-3.0-or-later
"""Return paths and feedback fields, from the section ``return_path``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.feedback_fields import FeedbackFieldSettings
from postward.pipeline.return_path_stage import ReturnPathStage
from postward.signing.return_path import ReturnPaths, ReturnPathSettings, ReturnPathStyle

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.signing.feedback_keys import FeedbackKeys


def return_paths(config: Configuration, keys: FeedbackKeys | None) -> ReturnPaths | None:
    """Make what makes and reads return paths; None where there are none, or no secret for them."""
    settings = return_path_settings(config)
    return None if settings is None or keys is None else ReturnPaths(settings, keys)


def return_path_settings(config: Configuration) -> ReturnPathSettings | None:
    """Which senders get a return path, and of what kind; None where there are none."""
    section = config.return_path
    if section.style == "none":
        return None
    return ReturnPathSettings(
        style=ReturnPathStyle(section.style),
        domains=frozenset(section.domains),
        bounce_domain=section.bounce_domain or "",
        deliver_to=section.deliver_to or "",
        pool=section.pool,
        max_age_days=section.max_age_days,
    )


def return_path_stage(config: Configuration, keys: FeedbackKeys | None) -> ReturnPathStage | None:
    """Make the stage; None where it would do nothing."""
    section = config.return_path
    if keys is None:
        return None
    return ReturnPathStage(
        return_paths(config, keys),
        keys,
        FeedbackFieldSettings(cfbl_address=section.cfbl_address or "", feedback_id=section.feedback_id or ""),
        pool=section.pool,
        domains=frozenset(section.domains),
    )
