# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from pydantic import ValidationError

from postward.config.schema.shedding import SheddingSection


def test_by_default_all_threads_are_used_before_everybody_is_sent_away():
    found = SheddingSection.model_validate({})
    assert (found.enabled, found.begin, found.full) == (True, 0.7, 1.0)


@pytest.mark.parametrize("values", [{"begin": 1.0}, {"full": 0.7}, {"begin": 0.05}, {"full": 5.0}])
def test_there_is_room_between_the_two(values):
    with pytest.raises(ValidationError):
        SheddingSection.model_validate(values)
