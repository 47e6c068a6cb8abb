# SPDX-License-Identifier: GPL-3.0-or-later
"""What single conditions have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.conditions.base import IndexKeys
    from postward.rules.needs import Need


class Leaf:
    """Defaults of ``Condition``, for those that differ from them in little."""

    needs: frozenset[Need] = frozenset()
    stage: Stage = Stage.END
    is_per_recipient: bool = False
    captures: frozenset[str] = frozenset()

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Nothing is said beforehand."""
        return None

    def leaves(self) -> Iterator[Self]:
        """Itself."""
        yield self
