# SPDX-License-Identifier: GPL-3.0-or-later
"""More mail than a host can judge: who has to wait, who has to come again, and who notices nothing."""
