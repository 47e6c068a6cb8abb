# SPDX-License-Identifier: GPL-3.0-or-later
"""What a root needs for SELinux policies and RPM packages: one list, so that one base is made for both."""

from __future__ import annotations

TOOLS = ("checkpolicy", "gawk", "m4", "make", "policycoreutils", "rpm", "selinux-policy-dev", "semodule-utils")
