# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of ``postward check``: each looks at one thing that the milter needs and says what is wrong with it."""
