# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read about Postward and what is made from the program itself: man pages, completion, reference pages."""
