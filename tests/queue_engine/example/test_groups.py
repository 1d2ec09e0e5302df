from __future__ import annotations

import numpy as np

from queue_engine.example.groups import GROUPS, born, draw_groups
from queue_engine.facts import day_to_date

GROUPS_OF_200 = draw_groups(1, 24_000)


def test_a_kindergarten_has_four_to_nine_groups() -> None:
    """None has fewer or more, whatever chance gave it."""
    many = np.bincount(GROUPS_OF_200.organisation, minlength=200).tolist()
    assert len(many) == 200
    assert min(many) == 4
    assert max(many) <= 9


def test_every_kind_of_group_is_found() -> None:
    """Among 200 kindergartens there is each of them, and groups for children of three everywhere."""
    many = np.bincount(GROUPS_OF_200.kind, minlength=len(GROUPS))
    assert many.min() >= 1
    assert many[[group.code for group in GROUPS].index("36m")] == 200


def test_the_number_of_kindergartens_is_bounded() -> None:
    """A small town has two, and ids never need a fourth digit."""
    assert draw_groups(1, 10).organisations == 2
    assert draw_groups(1, 600_000).ids[-1] == "ds-999"


def test_a_band_is_met_by_its_first_and_last_birth_day() -> None:
    """Three years old on 1 September: born from 2 September four years before to 1 September three years before."""
    first, last = born(36, 48)
    assert (day_to_date(first).isoformat(), day_to_date(last).isoformat()) == ("2022-09-02", "2023-09-01")


def test_a_group_takes_by_age_and_by_what_was_asked_for() -> None:
    """Half years are written as the rules write them."""
    takes = {group.code: group.takes for group in GROUPS}
    assert takes["18m"].startswith("age(on study_start) >= 1y6m and age(on study_start) < 2y and ")
    assert takes["2m"].startswith("age(on study_start) >= 2m and age(on study_start) < 1y and ")
    assert "confirmed(category.pmpk_conclusion)" in takes["comp"]


def test_a_neighbour_has_a_group_of_the_same_kind() -> None:
    """Going further among kindergartens with such a group comes back to the first after all of them."""
    groups = draw_groups(1, 1_200)
    here = np.arange(len(groups.kind))
    offered = {(int(at), int(kind)) for at, kind in zip(groups.organisation, groups.kind, strict=True)}
    there, other = groups.neighbour(here, np.ones(len(here), np.int64))
    alone = np.bincount(groups.kind)[groups.kind] == 1
    assert (other == ~alone).all()
    assert all((int(at), int(kind)) in offered for at, kind in zip(there, groups.kind, strict=True))
    assert (there[other] != groups.organisation[other]).all()
