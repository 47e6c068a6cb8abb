# SPDX-License-Identifier: GPL-3.0-or-later
"""All cases of the suite."""

from __future__ import annotations

from tests.suites.arc import (
    chain_cases,
    change_cases,
    dkimpy_cases,
    key_cases,
    message_signature_cases,
    results_cases,
    seal_cases,
)

MODULES = (
    dkimpy_cases, chain_cases, message_signature_cases, seal_cases, results_cases, key_cases, change_cases,
)  # fmt: skip

CASES = [case for module in MODULES for case in module.cases()]
