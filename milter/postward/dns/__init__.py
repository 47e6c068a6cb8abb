# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS: names, answers, a cache and the one resolver of a worker."""
