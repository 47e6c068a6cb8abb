# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what an expression of Prometheus says of our metrics that is not so; its form is for promtool to judge."""

from __future__ import annotations

import re

from postward.observability.families import FAMILIES, Kind

OF_PROMETHEUS = {"instance", "job"}
_SELECTOR = re.compile(r"\b((?:postward|process)_[a-z_]+)\b(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'([a-z_]+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_GROUPING = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")
_LEGEND = re.compile(r"\{\{\s*\$?(?:labels\.)?([a-z_]+)\s*\}\}")


def metrics_in(expression):
    """The families that it names, as they are called on the page."""
    return {base(name) for name, _ in _SELECTOR.findall(expression)}


def faults(expression, *texts):
    """Everything that it names and that does not exist; ``texts`` are legends and the like, with ``{{label}}``."""
    found = []
    known = set(OF_PROMETHEUS)
    for name, matchers in _SELECTOR.findall(expression):
        family = FAMILIES.get(base(name))
        if family is None:
            found.append(f"no metric {name}")
            continue
        labels = {label.name: label.values for label in family.labels}
        if name.endswith("_bucket"):
            labels["le"] = None
        known |= labels.keys()
        for label, _, value in _MATCHER.findall(matchers):
            if label not in labels.keys() | OF_PROMETHEUS:
                found.append(f"no label {label} of {name}")
            elif labels.get(label) is not None:
                found += [f"no value {each} of {label}" for each in value.split("|") if each not in labels[label]]
    used = {label.strip() for labels in _GROUPING.findall(expression) for label in labels.split(",")}
    used |= {label for text in texts for label in _LEGEND.findall(text)}
    return found + [f"no label {label}" for label in sorted(used - known)]


def base(name):
    """The name of the family, also behind that of a histogram's series."""
    for ending in ("_bucket", "_count", "_sum"):
        family = FAMILIES.get(name.removesuffix(ending))
        if name.endswith(ending) and family is not None and family.kind is Kind.HISTOGRAM:
            return family.name
    return name
