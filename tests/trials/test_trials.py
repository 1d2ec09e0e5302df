"""The trials in small numbers; `make trials` runs them in full."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.trials.attacks import ATTACKS
from tests.trials.broken_engine import broken, found
from tests.trials.cuts import cut_everywhere
from tests.trials.determinism import Configuration, configurations, hash_of
from tests.trials.histories import checked, history
from tests.trials.mutants import MUTANTS, Mutant
from tests.trials.public_files import Clean
from tests.trials.round_attacks import edited
from tests.trials.tamper import SMALL, attacked

from queue_engine.verification import verify

HISTORIES = 40
CHOSEN = Random(6).sample(MUTANTS, 6)  # noqa: S311 - repeatable on purpose
PLAIN = Configuration(0, "0", "UTC", "C", "", 1, optimised=False)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """Return the public files of a small year."""
    return Clean.written(tmp_path_factory.mktemp("public") / "clean", **SMALL)


@pytest.fixture(scope="module")
def plain_hash() -> str:
    """Return the hash of the example municipality on one machine."""
    return hash_of(PLAIN)


def test_files_nobody_changed_are_as_they_have_to_be(clean: Clean) -> None:
    """The verification finds nothing where nothing was done."""
    assert verify(clean.folder) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_found_and_named(attack: str, clean: Clean, tmp_path: Path) -> None:
    """Whatever somebody does with the public files is found, with the file and the line."""
    for seed in range(2):
        outcome = attacked(clean, attack, seed, tmp_path / str(seed))
        assert outcome.named, outcome


def test_an_attack_leaves_the_files_it_was_made_from(clean: Clean, tmp_path: Path) -> None:
    """Copies share files with the original until they are changed; the original never is."""
    before = {path: path.read_bytes() for path in clean.folder.rglob("*") if path.is_file()}
    for attack in ATTACKS:
        attacked(clean, attack, 7, tmp_path / attack)
    assert {path: path.read_bytes() for path in clean.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda each: each.name)
def test_a_mistake_of_the_engine_is_found(mutant: Mutant, tmp_path: Path) -> None:
    """An engine with a mistake makes histories in which the verifier or a property finds it."""
    assert found(mutant, tmp_path / "copy").by


def test_the_engine_as_it_is_has_none_of_the_mistakes(tmp_path: Path) -> None:
    """The same search finds nothing in a copy without a mistake."""
    outcome = found(None, tmp_path / "copy", seeds=1)
    assert not outcome.by, outcome


def test_every_mistake_fits_the_engine(tmp_path: Path) -> None:
    """Each of at least thirty mistakes has a name of its own, and its text stands in its module exactly once."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 30
    for mutant in MUTANTS:
        assert mutant.applied() != mutant.text(), mutant.name


def test_a_mistake_that_no_longer_fits_is_refused(tmp_path: Path) -> None:
    """A text that is gone makes the trial fail; it never passes for a mistake that was found."""
    with pytest.raises(ValueError, match="stands 0 times"):
        broken(Mutant("gone", "shifts.py", "a text that is not there", ""), tmp_path)


@pytest.mark.parametrize("made", configurations(8), ids=str)
def test_every_machine_gives_the_same_hash(made: Configuration, plain_hash: str) -> None:
    """Rows, hashes, zones, locales, processors and processes change nothing that anybody is told."""
    assert hash_of(made) == plain_hash


def test_another_municipality_gives_another_hash(plain_hash: str) -> None:
    """The hash is of what is told."""
    assert len(plain_hash) == 64
    assert hash_of(PLAIN, seed=2) != plain_hash


@pytest.mark.parametrize("number", range(HISTORIES))
def test_a_history_holds_what_has_to_hold(number: int) -> None:
    """Live queues are the ordered ones, accounts balance and tell what the pairs tell, and public files verify."""
    outcome = checked(number)
    assert outcome.wrong == (), outcome.name


def test_histories_are_those_of_their_numbers() -> None:
    """A history that fails can be made again by its number."""
    assert history(3)[1].journal.head == history(3)[1].journal.head != history(9)[1].journal.head


def test_a_journal_cut_at_any_byte_is_the_shorter_one(tmp_path: Path) -> None:
    """A file that ends in the middle of an entry gives the entries before it, and says so."""
    cuts = list(cut_everywhere(1, tmp_path, verified_every=16))
    assert len(cuts) > 300
    assert [cut for cut in cuts if cut.wrong] == []


@pytest.mark.parametrize("seed", range(8))
def test_every_edit_of_a_published_round_is_found_and_named(seed: int) -> None:
    """A swap, a favour, a hidden seat, a changed cut-off or order: whoever or whatever was edited is named."""
    for outcome in edited(seed, 50):
        assert outcome.named, outcome
