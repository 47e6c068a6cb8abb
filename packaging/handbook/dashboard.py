# SPDX-License-Identifier: GPL-3.0-or-later
"""A dashboard as Grafana imports it (JSON model, schema version 36: Grafana 9 and later)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_COLUMNS = 24
_GRAPH_HEIGHT, _NUMBER_HEIGHT = 8, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A graph, or one number."""

    title: str
    meaning: str
    queries: tuple[tuple[str, str], ...]
    """Each an expression, and the legend of its series."""
    unit: str = "short"
    width: int = 8
    """Of 24 columns."""
    is_number: bool = False
    is_stacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels under one title."""

    title: str
    panels: tuple[Panel, ...]


def dashboard(rows: Sequence[Row]) -> str:
    """The text of the file."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in rows:
        panels.append({
            "id": len(panels) + 1, "type": "row", "title": row.title, "collapsed": False, "panels": [],
            "gridPos": {"h": 1, "w": _COLUMNS, "x": 0, "y": top},
        })  # fmt: skip
        top += 1
        left = height = 0
        for panel in row.panels:
            if left + panel.width > _COLUMNS:
                left, top = 0, top + height
            height = _NUMBER_HEIGHT if panel.is_number else _GRAPH_HEIGHT
            place = {"h": height, "w": panel.width, "x": left, "y": top}
            panels.append(_panel(panel, len(panels) + 1, place))
            left += panel.width
        top += height
    return json.dumps(_whole(panels), indent=1, ensure_ascii=False) + "\n"


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": "stat" if panel.is_number else "timeseries",
        "title": panel.title,
        "description": panel.meaning,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _NUMBER_OPTIONS if panel.is_number else _GRAPH_OPTIONS,
        "targets": [
            {"refId": chr(ord("A") + at), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
            for at, (expression, legend) in enumerate(panel.queries)
        ],
    }


_NUMBER_OPTIONS: dict[str, Any] = {
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    "colorMode": "none", "graphMode": "area", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
}  # fmt: skip
_GRAPH_OPTIONS: dict[str, Any] = {
    "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
    "tooltip": {"mode": "multi", "sort": "desc"},
}


def _defaults(panel: Panel) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit}
    if not panel.is_number:
        defaults["custom"] = {
            "drawStyle": "line", "lineWidth": 1, "fillOpacity": 30 if panel.is_stacked else 0, "showPoints": "never",
            "stacking": {"mode": "normal" if panel.is_stacked else "none", "group": "A"},
        }  # fmt: skip
    return defaults


def _whole(panels: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": "Postward",
        "uid": "postward",
        "description": "Mail, and what Postward does with it. Made by packaging/generate.py.",
        "tags": ["postward", "mail"],
        "schemaVersion": 36,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "links": [],
        "templating": {"list": [_source_variable(), _host_variable()]},
        "panels": panels,
    }


def _source_variable() -> dict[str, Any]:
    return {
        "name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "refresh": 1,
        "hide": 0, "multi": False, "includeAll": False, "options": [], "current": {},
    }  # fmt: skip


def _host_variable() -> dict[str, Any]:
    query = {"query": "label_values(postward_build_info, instance)", "refId": "instances"}
    return {
        "name": "instance", "label": "Host", "type": "query", "datasource": _SOURCE, "query": query,
        "refresh": 2, "sort": 1, "hide": 0, "multi": True,
        "includeAll": True, "allValue": ".*", "options": [], "current": {},
    }  # fmt: skip
