"""What is probably not meant: rules that are never reached, and answers that depend on what nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.rules.compile.place import Faults
    from postward.rules.rule import Rule


def lint(rules: Sequence[Rule], faults: Faults) -> None:
    """Note warnings."""
