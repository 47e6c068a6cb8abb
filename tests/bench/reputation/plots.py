# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the simulation as pictures; matplotlib is asked for here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.reputation.crowd import Way
from tests.bench.reputation.false_flags import LOOK, RAW_LOOK, RAW_STOP, STOP
from tests.bench.reputation.goals import MOST_FALSE
from tests.bench.reputation.noticed import THRESHOLD
from tests.bench.reputation.report import ALL_GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from tests.bench.reputation.report import Report, Scale, Simulated

_SIZE_INCHES = (7.0, 3.8)
_DPI = 110
_COLOURS = ("#1b5e9e", "#d9822b", "#6a9f3f", "#8e8e8e")
_LEAST_DRAWN = 1e-7
_COURSE = 60


def draw_all(report: Report, folder: Path) -> list[Path]:
    """Draw what was measured; the same figures give the same octets."""
    folder.mkdir(exist_ok=True)
    pictures: dict[str, Callable[[Axes], None]] = {}
    if (simulated := report.simulated) is not None:
        pictures["reputation-brier"] = lambda axes: _brier(axes, simulated)
        pictures["reputation-takeover"] = lambda axes: _takeover(axes, simulated)
        pictures["reputation-false-flags"] = lambda axes: _flags(axes, simulated)
    if (scale := report.scale) is not None and scale.sizes.rates:
        pictures["reputation-sizes"] = lambda axes: _sizes(axes, scale)
    return [_draw(draw, folder / f"{name}.png") for name, draw in pictures.items()]


def _draw(draw: Callable[[Axes], None], path: Path) -> Path:
    from matplotlib.figure import Figure  # noqa: PLC0415 - whoever wants no pictures needs no matplotlib

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    draw(axes)
    axes.grid(visible=True, alpha=0.3)
    # Neither version nor time, which would make each picture another one.
    figure.savefig(path, metadata={"Software": None})
    return path


def _brier(axes: Axes, simulated: Simulated) -> None:
    for (name, brier), colour in zip(simulated.forecasts.methods.items(), _COLOURS, strict=True):
        axes.plot(ALL_GROUPS, [brier.score(group) for group in ALL_GROUPS], marker="o", label=name, color=colour)
    axes.set(
        xlabel="messages of the address before", ylabel="Brier score (less is better)", title="Forecasts of bad mail"
    )
    axes.set_ylim(bottom=0.0)
    axes.legend()


def _takeover(axes: Axes, simulated: Simulated) -> None:
    for (name, course), colour in zip(simulated.takeover.courses.items(), _COLOURS, strict=True):
        axes.plot(course[:_COURSE], label=name, color=colour)
    axes.axhline(THRESHOLD, linestyle="--", color="black", linewidth=0.8, label="noticed")
    axes.set(
        xlabel=f"bad messages after {simulated.takeover.good:,} good ones",
        ylabel="expected share of bad mail",
        title="An account in other hands",
    )
    axes.set_ylim(0.0, 1.0)
    axes.legend(loc="center right")


def _flags(axes: Axes, simulated: Simulated) -> None:
    ours, raw = _COLOURS[:2]
    for rule, style, colour in ((RAW_LOOK, "o--", raw), (LOOK, "o-", ours), (RAW_STOP, "s--", raw), (STOP, "s-", ours)):
        found = [one for one in simulated.flags if one.rule == rule.name]
        shares = [max(one.honest, _LEAST_DRAWN) for one in found]
        axes.plot([one.messages for one in found], shares, style, color=colour, label=rule.name)
    axes.axhline(MOST_FALSE, linestyle=":", color="black", linewidth=0.8, label="target")
    axes.set(
        xscale="log", yscale="log", xlabel="messages", ylabel="honest senders flagged",
        title=f"Flagged by chance (drawn at {_LEAST_DRAWN:.0e}: this or less)",
    )  # fmt: skip
    axes.legend(fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)


def _sizes(axes: Axes, scale: Scale) -> None:
    worker = [one for one in scale.sizes.rates if one.way is Way.WORKER]
    prepared = [one for one in scale.sizes.rates if one.way is Way.PREPARED]
    counts = [one.identities for one in worker]
    lines = (
        ("Redis, CPU", [one.redis_us for one in prepared]),
        ("worker, CPU", [one.asking_us for one in worker]),
        ("reading, median wait", [one.read_p50_us for one in worker]),
    )
    for (name, values), colour in zip(lines, _COLOURS, strict=False):
        axes.plot(counts, values, marker="o", label=name, color=colour)
    axes.set(xscale="log", xlabel="identities in Redis", ylabel="microseconds a message", title="Cost of a message")
    axes.set_ylim(bottom=0.0)
    axes.legend()
