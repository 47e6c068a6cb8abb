# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes and reads signed messages for tests; shares no code with what is tested."""
