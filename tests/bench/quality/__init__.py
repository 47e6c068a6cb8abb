# SPDX-License-Identifier: GPL-3.0-or-later
"""Quality on real mail: what each check finds in ham and in spam of a public corpus, and what weight that allows."""
