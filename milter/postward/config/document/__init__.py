# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as a tree that remembers its lines: bounded, strict, nothing but text, numbers, booleans, lists, mappings."""
