# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# Nothing is kept from one run to the next, and no example fails for being slow on a busy machine.
settings.register_profile("postward", database=None, deadline=None)
settings.load_profile("postward")
