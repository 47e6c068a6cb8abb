# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an HTML part besides its text: links, forms, and what is hidden from the reader."""
