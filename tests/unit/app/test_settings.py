# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.scan_disposition import OnVirus
from postward.app.settings import mta_settings, pipeline_settings
from postward.config import Configuration
from postward.mta.settings import FailureAction


@pytest.mark.parametrize("failure_action", ["accept", "tempfail"])
def test_what_not_even_the_fallback_can_be_made_for_does_not_pass_unfiltered(failure_action):
    """It would keep what the sender wrote in our name, and have nothing of ours."""
    config = Configuration.model_validate({"message": {"failure_action": failure_action}})
    assert mta_settings(config).failure_action is FailureAction.TEMPFAIL


def test_in_monitor_mode_nothing_is_ever_refused():
    config = Configuration.model_validate({"mode": "monitor", "message": {"failure_action": "tempfail"}})
    assert mta_settings(config).failure_action is FailureAction.ACCEPT


@pytest.mark.parametrize(("spam_headers", "on_virus"), [(True, OnVirus.JUNK), (False, OnVirus.QUARANTINE)])
def test_a_virus_that_nothing_would_mark_is_held(spam_headers, on_virus):
    config = Configuration.model_validate({
        "clamav": {"on_virus": "junk"}, "output": {"spam_headers": spam_headers},
    })  # fmt: skip
    assert pipeline_settings(config).decision.scans.on_virus is on_virus
