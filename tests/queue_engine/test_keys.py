"""Packed keys sort as the tuples they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine import KeyLayout
from queue_engine.keys import sorted_rows

MOST = st.sampled_from([0, 1, 2, 255, 256, 65_535, 2**16, 2**31, 2**33 - 1, 2**62, 2**63 - 1])


@st.composite
def _columns(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    """Draw columns of codes and the largest code of each; codes near both ends are frequent."""
    most = draw(st.lists(MOST, min_size=1, max_size=6))
    count = draw(st.integers(0, 12))
    columns = [
        [draw(st.sampled_from([0, 1, code // 2, code - 1, code])) % (code + 1) for _ in range(count)] for code in most
    ]
    return columns, most


@given(_columns(), st.data())
def test_rows_sort_as_tuples_and_equal_ones_keep_their_order(
    drawn: tuple[list[list[int]], list[int]], data: st.DataObject
) -> None:
    """Whatever number of words and digits the widths need, the order is the stable one of the tuples."""
    columns, most = drawn
    count = len(columns[0])
    arrays = [np.array(column, np.min_scalar_type(code)) for column, code in zip(columns, most, strict=True)]
    expected = sorted(range(count), key=lambda row: tuple(column[row] for column in columns))
    assert sorted_rows(arrays, most, np.arange(count)).tolist() == expected
    some = sorted(data.draw(st.sets(st.sampled_from(range(count))))) if count else []
    kept = [row for row in expected if row in set(some)]
    assert sorted_rows(arrays, most, np.array(some, np.int64)).tolist() == kept


@pytest.mark.parametrize(
    ("most", "words"),
    [
        ([], ((),)),
        ([0, 0], ((0, 1),)),
        ([2**63, 1], ((0,), (1,))),
        ([1, 2**63 - 1], ((0, 1),)),
        ([1, 2**64 - 1, 1], ((0,), (1,), (2,))),
        ([3000, 3, 1, 2**31 - 1, 2**24 - 1], ((0, 1, 2, 3), (4,))),
    ],
)
def test_a_component_never_straddles_two_words(most: list[int], words: tuple[tuple[int, ...], ...]) -> None:
    """Components fill a word from the most important on; the next word begins where the width would pass 64 bits."""
    layout = KeyLayout.of(most)
    assert layout.words == words
    assert all(layout.width(word) <= 64 for word in range(len(words)))


def test_a_word_holds_the_more_important_component_higher() -> None:
    """Components are shifted in from the most important to the least."""
    layout = KeyLayout.of([3, 255])
    packed = layout.pack([np.array([1, 2], np.uint8), np.array([255, 0], np.uint8)], 0)
    assert packed.tolist() == [0x1FF, 0x200]


def test_components_without_a_difference_take_no_bits() -> None:
    """A step at which all are alike costs nothing, and a word of nothing but such steps is zero."""
    layout = KeyLayout.of([0, 0])
    assert layout.width(0) == 0
    assert layout.pack([np.zeros(3, np.uint8), np.zeros(3, np.uint8)], 0).tolist() == [0, 0, 0]
