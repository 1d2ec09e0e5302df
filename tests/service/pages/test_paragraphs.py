"""Sentences become paragraphs with lists, and none is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.conftest import Town

from queue_engine import refusal_lines, standing, standing_for_parent
from queue_engine.catalogue import LANGUAGES
from service.pages.paragraphs import paragraphs

SENTENCES = st.lists(st.tuples(st.sampled_from(["", "– "]), st.text(), st.sampled_from([":", ";", "."])).map("".join))


@given(SENTENCES)
def test_no_sentence_is_lost(sentences: list[str]) -> None:
    """Every sentence stands once and in its order, as a paragraph or as an item."""
    told = [line for each in paragraphs(sentences) for line in (each.text, *each.items)]
    assert [_bare(line) for line in told] == [_bare(line) for line in sentences]


def _bare(line: str) -> str:
    return line.lstrip("– ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_explanation_has_its_lists(town: Town, lang: str) -> None:
    """Those ahead are a list under their number, what counts is a list, and the rules stand by themselves."""
    for queue in town.ordered["kindergarten"].values():
        for number in list(queue)[1:]:
            place = standing(queue, number)
            head, ahead, nearest, own, rules = paragraphs(standing_for_parent(place, lang))
            assert [*head.items, *nearest.items, *rules.items] == []
            assert ahead.items
            assert len(own.items) == len(place.own)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_one_list(town: Town, lang: str) -> None:
    """All the reasons stand under the queue the application is not in."""
    queues = town.ordered["kindergarten"]
    refused = queues.not_in_queue()
    assert refused
    for refusal in refused:
        (told,) = paragraphs(refusal_lines(refusal, queues, lang))
        assert len(told.items) == len(refusal.reasons)
