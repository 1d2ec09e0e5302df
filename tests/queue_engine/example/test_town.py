from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import pytest
from tests.queue_engine.example.conftest import APPLICATIONS, ROOT, Ordered

from queue_engine.example import SERVICES, example_tables, shares
from queue_engine.rules.loading import read_rules
from queue_engine.tables import build_tables

NAMES = [service.name for service in SERVICES]


@pytest.mark.parametrize("name", NAMES)
def test_most_entries_stand_in_a_queue(ordered: Callable[[str], Ordered], name: str) -> None:
    """More than seven of ten entries are ranked, and no queue is nearly empty."""
    queues = ordered(name).queues
    sizes = [len(queues[programme]) for programme in queues]
    wished = len(ordered(name).made.tables["entries"]["wish"])
    assert 10 * sum(sizes) > 7 * wished
    assert min(sizes) >= 5
    assert sum(len(set(queues[programme].decided_by())) > 2 for programme in queues) * 10 > 9 * len(queues)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("applications", [2, 3, 17, 150])
@pytest.mark.parametrize("seed", [0, 5, 2**70])
def test_towns_of_any_size_and_seed_are_accepted(name: str, applications: int, seed: int) -> None:
    """The engine finds nothing wrong with the tables, however small they are."""
    service = next(each for each in SERVICES if each.name == name)
    vocabulary = read_rules(ROOT / "rules" / f"{service.rules}.yaml").vocabulary
    tables = build_tables(vocabulary, **example_tables(name, applications, seed))
    assert len(tables.applications) == applications


@pytest.mark.parametrize("name", NAMES)
def test_equal_arguments_give_equal_tables(name: str) -> None:
    """Another seed gives another town."""
    first, second, other = (example_tables(name, 300, seed) for seed in (4, 4, 5))
    for table, columns in first.items():
        for field, column in columns.items():
            assert column.tolist() == second[table][field].tolist()
    filed = "application.submitted_at"
    assert first["applications"][filed].tolist() != other["applications"][filed].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_every_case_is_in_its_tables(ordered: Callable[[str], Ordered], name: str) -> None:
    """The facts, wishes and documents of each case stand under its number."""
    made = ordered(name).made
    applications, entries, documents = (made.tables[table] for table in ("applications", "entries", "documents"))
    assert len({each.case.name for each in made.cases}) == len(made.cases) >= 8
    for each in made.cases:
        row = int(np.flatnonzero(applications["application"] == each.application)[0])
        for field, value in each.case.facts.items():
            column = applications[field]
            expected = np.array([value]).astype(column.dtype)[0]
            assert column[row] == expected, (each.case.name, field)
        assert int((entries["application"] == each.application).sum()) == len(each.case.wishes)
        held = documents["category"][documents["application"] == each.application].tolist()
        assert sorted(held) == sorted(document[0] for document in each.case.documents)


def test_a_smaller_vocabulary_gets_fewer_columns() -> None:
    """Facts and categories nobody knows are left out, and what is left is accepted."""
    vocabulary = read_rules(ROOT / "rules/region-74/college.yaml").vocabulary
    smaller = attrs.evolve(
        vocabulary,
        facts={name: fact for name, fact in vocabulary.facts.items() if name != "achievements.points"},
        categories={name: category for name, category in vocabulary.categories.items() if name == "target_contract"},
    )
    tables = example_tables("college", 300, vocabulary=smaller)
    assert "achievements.points" not in tables["applications"]
    assert set(tables["documents"]["category"].tolist()) == {"target_contract"}
    assert len(build_tables(smaller, **tables).applications) == 300


def test_services_share_the_applications() -> None:
    """Kindergartens get six of ten and what division leaves over."""
    assert sum(shares(1_999).values()) == 1_999
    assert shares(APPLICATIONS)["kindergarten"] == 1_200


def test_an_unknown_service_is_refused() -> None:
    """The message lists those there are."""
    with pytest.raises(ValueError, match="no service 'theatre'; the services are kindergarten, school-grade-1"):
        example_tables("theatre", 100)


@pytest.mark.parametrize("applications", [1, 1_000_001])
def test_a_number_of_applications_out_of_range_is_refused(applications: int) -> None:
    """The message tells the range."""
    with pytest.raises(ValueError, match="give 2 to 1000000"):
        example_tables("camp", applications)
