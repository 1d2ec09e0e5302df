"""What is written is what is read: conditions, rule files and vocabularies come back from their text unchanged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import attrs
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Vocabulary
from queue_engine.rules.loading import read_library
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.vocabulary import load_vocabulary
from queue_engine.rules.written import condition_text
from queue_engine.testing import conditions, rule_sets, rules_text, vocabularies, vocabulary_text


def _refuse(*problem: object) -> None:
    raise AssertionError(problem)


@given(vocabularies(), st.data())
def test_a_condition_comes_back_from_its_text(vocabulary: Vocabulary, data: st.DataObject) -> None:
    """Every condition of the language can be written, and reading the text gives that condition."""
    terms = ("first_phase", "lives_near")
    condition = data.draw(conditions(vocabulary, terms))
    text = condition_text(condition, vocabulary.facts)
    assert parse_condition(text, vocabulary, terms, _refuse, terms) == condition


@given(st.data())
def test_rules_and_vocabulary_come_back_from_their_files(data: st.DataObject) -> None:
    """A rule set of every kind of part, and its vocabulary, are read from their files without loss."""
    vocabulary = data.draw(vocabularies())
    rule_set = data.draw(rule_sets(vocabulary))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "facts.yaml").write_text(vocabulary_text(vocabulary), encoding="utf-8")
        (root / "drawn.yaml").write_text(rules_text(rule_set), encoding="utf-8")
        library = read_library([root / "drawn.yaml"])
        assert library.problems == []
        read = library.rule_sets["drawn"]
        assert attrs.evolve(load_vocabulary(root / "facts.yaml"), file=vocabulary.file) == vocabulary
    assert attrs.evolve(read, vocabulary=vocabulary, files=()) == rule_set
