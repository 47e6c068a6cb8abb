# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the service can use the secrets behind its return paths and feedback fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.app.diagnose.finding import error, ok
from postward.app.diagnose.signing_keys import service_account
from postward.app.return_path_secrets import load_feedback_secrets

if TYPE_CHECKING:
    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration

CHECK = "return_path"


def check_return_path(config: Configuration, service_user: str) -> Finding:
    """Say what is wrong with them; one that the service makes at its first start need not be there yet."""
    loaded = load_feedback_secrets(config, service_account(service_user), makes_secret=False)
    for fault in loaded.faults:
        return error(CHECK, str(replace(fault, hint="")), fault.hint)
    return ok(CHECK, "neither return paths nor feedback fields are made" if loaded.keys is None else "can be made")
