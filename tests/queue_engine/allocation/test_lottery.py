"""Drawn numbers are what anybody computes from the published record, and nothing else moves them."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from itertools import pairwise
from pathlib import Path
from random import Random

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.allocation.lottery import CODES, LotteryError, SeedRecord, Source, draw, list_root, short_number
from queue_engine.canonical import INTEGER_MOST
from queue_engine.cli.drawing import draw as draw_command
from queue_engine.rules.ties import LOTTERY_FACTS
from queue_engine.rules.vocabulary import load_vocabulary

RECORD = SeedRecord(
    "ab" * 32, "cd" * 32, (Source("dice, 20 throws", "04913857"), Source("drand quicknet, round 4567890", "бю"))
)
SEED = RECORD.seed()
NAMES = st.text('abя-0"\\,]', min_size=1, max_size=6)
LISTS = st.lists(NAMES, unique=True, max_size=12)
PLAIN = [f"74-{number:04d}" for number in range(200)]
CELLS = 16
SIGMAS = 6


def codes_of(error: LotteryError) -> list[str]:
    """Return the codes of what is wrong."""
    return [problem.code for problem in error.problems]


def independent_seed(record: SeedRecord) -> bytes:
    """Return the seed as somebody computes it who has only the description."""
    sources = [{"name": source.name, "value": source.value} for source in record.sources]
    value = {"list": record.list_root, "rules": record.rules, "sources": sources, "v": 1}
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"reg74/lot/1" + written.encode()).digest()


def independent_number(seed: bytes, *parts: str) -> int:
    """Return a number as somebody computes it who has only the description."""
    message = json.dumps(["n", *parts], ensure_ascii=False, separators=(",", ":")).encode()
    return int(hmac.new(seed, message, hashlib.sha256).hexdigest()[:32], 16)


def independent_root(names: list[str]) -> str:
    """Return the root by the recursion of RFC 9162, where the engine goes up level by level."""

    def tree(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()

    leaves = sorted(json.dumps(name, ensure_ascii=False).encode() for name in names)
    return tree(leaves).hex() if leaves else hashlib.sha256(b"").hexdigest()


class TestVectors:
    """What was written down once stays."""

    def test_a_known_seed_gives_known_numbers(self) -> None:
        """Seed, root and numbers computed by hashlib and hmac alone, and written out here."""
        assert SEED.hex() == "15f841433cfaf7f20edce2d14634fcc306a8eca16956c70ab8df0e4a1504acf0"
        assert independent_seed(RECORD) == SEED
        assert f"{draw(SEED, '2026', ['a-1']).numbers['a-1']:032x}" == "085f4af20501aada9e8500f93918f940"
        assert f"{draw(SEED, '2026', ['a-1'], 'garden-7').numbers['a-1']:032x}" == "6dc7c32dec8f00d8962ed13e01a5cfdb"
        assert list_root(["b", "я", "a"]) == "f497ece216a6d89ecd39ec330105d241f7918bf0b30dd3e1267c6900b2b1cece"

    def test_the_known_tree_of_one_and_of_none(self) -> None:
        """An empty list has the hash of nothing, a list of one that of its leaf."""
        assert list_root([]) == hashlib.sha256(b"").hexdigest()
        assert list_root(["a"]) == hashlib.sha256(b'\0"a"').hexdigest()

    @given(st.binary(min_size=32, max_size=32), NAMES, st.one_of(st.just(""), NAMES), LISTS)
    def test_anybody_computes_the_same_numbers(
        self, seed: bytes, campaign: str, programme: str, names: list[str]
    ) -> None:
        """Every number is that of json, hmac and hashlib, whatever quotation marks and commas the names hold."""
        parts = [campaign, programme] if programme else [campaign]
        drawn = draw(seed, campaign, names, programme)
        assert drawn.numbers == {name: independent_number(seed, *parts, name) for name in names}
        assert list(drawn.order) == sorted(names, key=drawn.numbers.__getitem__)

    @given(LISTS)
    def test_anybody_computes_the_same_root(self, names: list[str]) -> None:
        """The root is that of the recursive definition."""
        assert list_root(names) == independent_root(names)


class TestWhatMovesANumber:
    """Seed, campaign, programme and the application's own name; nothing else."""

    @given(LISTS, st.randoms(use_true_random=False))
    def test_the_order_of_the_file_moves_nothing(self, names: list[str], luck: Random) -> None:
        """A shuffled list has the same numbers, the same order and the same root."""
        shuffled = luck.sample(names, len(names))
        first, second = draw(SEED, "c", names), draw(SEED, "c", shuffled)
        assert (first.numbers, first.order) == (second.numbers, second.order)
        assert list_root(names) == list_root(shuffled)

    @given(LISTS, st.data())
    def test_who_else_is_in_the_file_moves_nothing(self, names: list[str], data: st.DataObject) -> None:
        """Some of a list, drawn alone, have their numbers, and stand as they stood among the others."""
        some = set(data.draw(st.lists(st.sampled_from(names)))) if names else set()
        whole, part = draw(SEED, "c", names), draw(SEED, "c", sorted(some))
        assert part.numbers == {name: whole.numbers[name] for name in some}
        assert list(part.order) == [name for name in whole.order if name in some]

    @given(st.lists(NAMES, min_size=3, max_size=3), st.lists(NAMES, min_size=3, max_size=3))
    def test_parts_never_run_into_one_another(self, some: list[str], other: list[str]) -> None:
        """Two draws give one number only when campaign, programme and application are the same."""
        numbers = [draw(SEED, each[0], [each[2]], each[1]).numbers[each[2]] for each in (some, other)]
        assert (numbers[0] == numbers[1]) == (some == other)
        joined = draw(SEED, some[0], [some[1] + some[2]]).numbers[some[1] + some[2]]
        assert joined != numbers[0]

    def test_short_numbers_fit_the_fact_that_rules_order_by(self) -> None:
        """The vocabulary takes the largest of them and no larger; so does the journal."""
        largest = short_number((1 << 128) - 1)
        facts = load_vocabulary(Path(__file__).parents[3] / "rules" / "facts.yaml").facts
        assert [facts[name].most for name in LOTTERY_FACTS] == [largest, largest]
        assert largest == INTEGER_MOST
        numbers = draw(SEED, "2026", PLAIN)
        assert sorted(PLAIN, key=lambda name: short_number(numbers.numbers[name])) == list(numbers.order)

    @pytest.mark.parametrize("bit", [0, 1, 100, 255])
    def test_a_bit_of_the_seed_changes_half_of_all_pairs(self, bit: int) -> None:
        """Another seed, as near as can be, gives an order that shares nothing with the first."""
        changed = (int.from_bytes(SEED, "big") ^ 1 << bit).to_bytes(32, "big")
        assert are_unrelated(draw(SEED, "2026", PLAIN).order, draw(changed, "2026", PLAIN).order)

    def test_another_campaign_or_programme_changes_half_of_all_pairs(self) -> None:
        """One character more, and the order is another one; each programme that draws anew has its own."""
        orders = [
            draw(SEED, campaign, PLAIN, programme).order
            for campaign, programme in (("2026", ""), ("2027", ""), ("2026", "g1"), ("2026", "g2"))
        ]
        for index, order in enumerate(orders):
            assert all(are_unrelated(order, other) for other in orders[:index])

    @pytest.mark.parametrize(
        "changed",
        [
            attrs.evolve(RECORD, list_root="ab" * 31 + "aa"),
            attrs.evolve(RECORD, rules="cd" * 31 + "cc"),
            attrs.evolve(RECORD, sources=RECORD.sources[::-1]),
            attrs.evolve(RECORD, sources=RECORD.sources[:1]),
            attrs.evolve(RECORD, sources=(attrs.evolve(RECORD.sources[0], value="04913858"), RECORD.sources[1])),
            attrs.evolve(RECORD, sources=(attrs.evolve(RECORD.sources[0], name="dice"), RECORD.sources[1])),
        ],
        ids=["list", "rules", "order of sources", "fewer sources", "value", "name"],
    )
    def test_every_part_of_the_record_changes_half_of_all_pairs(self, changed: SeedRecord) -> None:
        """Whoever changes the list, the rules or a source draws everybody anew."""
        assert are_unrelated(draw(SEED, "2026", PLAIN).order, draw(changed.seed(), "2026", PLAIN).order)

    def test_the_yardstick_for_pairs_tells_related_orders(self) -> None:
        """The same order, its reverse and one with a few changes do not pass for unrelated."""
        order = draw(SEED, "2026", PLAIN).order
        swapped = [order[index ^ 1] for index in range(len(order))]
        assert not any(are_unrelated(order, other) for other in (order, order[::-1], swapped))


def are_unrelated(one: tuple[str, ...], other: tuple[str, ...] | list[str]) -> bool:
    """Return whether about half of the pairs changed their order: within six deviations, in integers.

    Of n(n - 1)/2 pairs of two drawn orders half are expected to, with a variance of n(n - 1)(2n + 5)/72.
    """
    place = {name: index for index, name in enumerate(other)}
    places = [place[name] for name in one]
    count = len(places)
    changed = sum(places[i] > places[j] for i in range(count) for j in range(i + 1, count))
    off = 4 * changed - count * (count - 1)  # four deviations from the expected count
    return off**2 * 72 <= (4 * SIGMAS) ** 2 * count * (count - 1) * (2 * count + 5)


def refused_draws(seeds: int, applications: int) -> int:
    """Return how many of so many draws three tests of chance refuse, each at its one per cent: χ², KS and neighbours.

    χ² counts the numbers in 16 cells, Kolmogorov-Smirnov looks how far their share strays from even, and the third
    counts how often the next application's number is larger.
    """
    names = [f"74-{number}" for number in range(applications)]
    refused = 0
    for number in range(seeds):
        drawn = draw(hashlib.sha256(f"trial {number}".encode()).digest(), "2026", names)
        values = list(drawn.numbers.values())
        cells = [0] * CELLS
        for value in values:
            cells[value >> 124] += 1
        # 30.578 is the χ² of 15 degrees that one draw in a hundred passes.
        refused += 1000 * sum((CELLS * cell - applications) ** 2 for cell in cells) > 30_578 * CELLS * applications
        ordered = sorted(values)
        stray = max(
            max(((i + 1) << 128) - v * applications, v * applications - (i << 128)) for i, v in enumerate(ordered)
        )
        # 1.628 / √n is the distance that one draw in a hundred passes.
        refused += stray > (math.isqrt(1_628**2 * applications) << 128) // 1_000
        rises = sum(a < b for a, b in pairwise(values))
        # Rises of n numbers have the mean (n - 1)/2 and the variance (n + 1)/12; 2.576 deviations are one per cent.
        refused += (2 * rises - applications + 1) ** 2 * 12 * 1_000_000 > 4 * 2_576**2 * (applications + 1)
    return refused


def test_numbers_are_even_as_often_as_chance_has_it() -> None:
    """Of 3 × 300 tests at one per cent nine are refused, give or take three; none or thirty would be a fault."""
    assert 0 < refused_draws(300, 300) < 9 + 3 * SIGMAS


class TestRecord:
    """The record is read back as it was written, or refused with everything that is wrong."""

    @given(st.lists(st.builds(Source, NAMES, NAMES), min_size=1, max_size=4, unique_by=lambda source: source.name))
    def test_a_record_comes_back_from_its_bytes(self, sources: list[Source]) -> None:
        """What is published makes the same seed again, with an end of line behind it too."""
        record = attrs.evolve(RECORD, sources=tuple(sources))
        assert SeedRecord.from_json(record.to_json()) == SeedRecord.from_json(record.to_json() + b"\r\n") == record
        assert record.seed() == independent_seed(record)

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"list_root": "AB" * 32}, ["L004"]),
            ({"rules": "ab", "list_root": ""}, ["L004", "L004"]),
            ({"sources": ()}, ["L005"]),
            ({"sources": (Source("a", "1"), Source("a", "2"))}, ["L005"]),
            ({"sources": (Source("", ""),)}, ["L002", "L002"]),
            ({"sources": (Source("a\u200b", "1"),)}, ["J011"]),
        ],
    )
    def test_a_record_no_seed_can_be_made_of_is_refused(self, changes: dict[str, object], codes: list[str]) -> None:
        """Digests that are none, and sources that say nothing."""
        with pytest.raises(LotteryError) as refused:
            attrs.evolve(RECORD, **changes)
        assert codes_of(refused.value) == codes

    @pytest.mark.parametrize(
        ("change", "codes"),
        [
            (lambda value: value.pop("v"), ["L003"]),
            (lambda value: value.update(v=2), ["L003"]),
            (lambda value: value.update(v=True), ["L003"]),
            (lambda value: value.update(list=7, rules=[]), ["L003", "L003"]),
            (lambda value: value.update(more=1), ["L003"]),
            (lambda value: value["sources"].append("dice"), ["L003"]),
            (lambda value: value["sources"][0].update(value=4), ["L003"]),
            (lambda value: value.update(rules="x"), ["L004"]),
        ],
    )
    def test_a_file_that_is_no_record_is_refused(self, change: object, codes: list[str]) -> None:
        """Members that lack, are too many or of the wrong kind are named, in the file they stand in."""
        value = json.loads(RECORD.to_json())
        change(value)
        body = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        with pytest.raises(LotteryError) as refused:
            SeedRecord.from_json(body, file="seed.json")
        assert codes_of(refused.value) == codes
        assert {problem.place.file for problem in refused.value.problems} == {"seed.json"}

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"v": 1}', RECORD.to_json() + b"\n\n"])
    def test_bytes_that_are_not_canonical_are_refused(self, body: bytes) -> None:
        """One record has one writing, so that nobody can publish two that read alike."""
        with pytest.raises(LotteryError):
            SeedRecord.from_json(body)

    def test_another_list_is_refused(self) -> None:
        """Who was added, left out or renamed after the list was closed is noticed."""
        closed = attrs.evolve(RECORD, list_root=list_root(PLAIN))
        closed.refuse_other_list(PLAIN[::-1])
        for other in (PLAIN[1:], [*PLAIN, "x"], ["x", *PLAIN[1:]]):
            with pytest.raises(LotteryError) as refused:
                closed.refuse_other_list(other)
            assert codes_of(refused.value) == ["L006"]


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((SEED, "c", ["a", "b", "a", "a"]), ["L001", "L001"]),
        ((SEED, "c", ["a", "", "e\u0308 \u0435\u0308"]), ["L002", "J010"]),
        ((SEED, "", ["a"]), ["L002"]),
        ((SEED[1:], "", ["a"]), ["L002", "L004"]),
        ((SEED, "c\n", ["a"]), ["J011"]),
    ],
)
def test_a_draw_that_would_be_unfair_is_refused(arguments: tuple[bytes, str, list[str]], codes: list[str]) -> None:
    """Nobody draws twice or under a name that looks like another's, and all of it is told at once."""
    with pytest.raises(LotteryError) as refused:
        draw(*arguments)
    assert sorted(codes_of(refused.value)) == sorted(codes)
    assert all(code in CODES or code.startswith("J") for code in codes)


class TestCommand:
    """Anybody draws again with two published files."""

    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[str, str]:
        """Return a seed record and the list it closes."""
        record, names = tmp_path / "seed.json", tmp_path / "list.txt"
        record.write_bytes(attrs.evolve(RECORD, list_root=list_root(PLAIN)).to_json())
        names.write_text("\n".join(PLAIN) + "\n", encoding="utf-8")
        return str(record), str(names)

    def run(self, *arguments: str) -> tuple[int, list[str], str]:
        """Return the exit status, the lines and what was said besides."""
        result = CliRunner().invoke(draw_command, arguments)
        return result.exit_code, result.stdout.splitlines(), result.stderr

    def test_prints_who_has_which_number_and_place(self, files: tuple[str, str]) -> None:
        """The first line has the smallest number, and the text of the numbers sorts as they do."""
        status, lines, said = self.run(*files, "--campaign", "2026")
        seed = SeedRecord.from_json(Path(files[0]).read_bytes()).seed()
        assert (status, said) == (0, f"seed {seed.hex()}\n")
        rows = [line.split(",") for line in lines]
        assert rows[0] == ["application", "number", "place"]
        numbers = {name: f"{independent_number(seed, '2026', name):032x}" for name in PLAIN}
        expected = sorted(PLAIN, key=numbers.__getitem__)
        assert rows[1:] == [[name, numbers[name], str(place)] for place, name in enumerate(expected, start=1)]

    @pytest.mark.parametrize(
        ("more", "header"),
        [([], "application,lottery.number"), (["--programme", "g1"], "application,programme,lottery.number_here")],
    )
    def test_prints_a_column_for_the_tables(self, files: tuple[str, str], more: list[str], header: str) -> None:
        """Whole numbers that keep the order drawn, of which the whole ones are the continuation."""
        _, whole, _ = self.run(*files, "--campaign", "2026", *more)
        status, lines, _ = self.run(*files, "--campaign", "2026", "--short", *more)
        assert (status, lines[0]) == (0, header)
        cells = [line.split(",") for line in lines[1:]]
        assert [int(row[-1]) for row in cells] == [int(line.split(",")[1], 16) >> 75 for line in whole[1:]]
        assert [row[1:-1] for row in cells] == [more[1:]] * len(cells)
        assert [row[0] for row in cells] == [line.split(",")[0] for line in whole[1:]]

    def test_a_family_draws_its_own_number_again(self, files: tuple[str, str]) -> None:
        """Some of the list gives the same numbers, and no places, since nobody knows who is between."""
        whole = self.run(*files, "--campaign", "2026", "--programme", "g1")[1]
        Path(files[1]).write_bytes(f"\ufeff{PLAIN[7]}\r\n".encode())
        assert self.run(*files, "--campaign", "2026")[0] == 1
        status, lines, _ = self.run(*files, "--campaign", "2026", "--programme", "g1", "--some")
        assert status == 0
        assert [line for line in whole if line.startswith(lines[1])] != []
        assert lines[1].endswith(",")

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            (b"a\nb\na\n", "list.txt:3: error L001"),
            (b"a\n\nb\n", "list.txt:2: error L002"),
            (b"a\n\xff\n", "list.txt:2: error L007"),
            (b"", "list.txt: error L006"),
        ],
    )
    def test_a_bad_list_is_refused_with_its_line(self, files: tuple[str, str], written: bytes, told: str) -> None:
        """Exit status 1, and where it is wrong."""
        Path(files[1]).write_bytes(written)
        status, lines, said = self.run(*files, "--campaign", "2026")
        assert (status, lines) == (1, [])
        assert told in said
