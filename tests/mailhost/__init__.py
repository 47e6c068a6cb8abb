# SPDX-License-Identifier: GPL-3.0-or-later
"""A private mail host on loopback: Postfix, Redis, DNS and Postward, all in one scratch folder that goes away again.

The demo and the end-to-end tests run on it.  Nothing of the machine's own mail system is read or touched.
"""
