# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postward says about itself: log events, metrics, and the store that `postward why` answers from."""
