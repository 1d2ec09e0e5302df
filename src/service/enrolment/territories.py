"""Territories assigned to organisations: an address -> the organisations whose territory it is in.

A street is known by its name, not by how it is written: «ул. им. Н.Г. Чернышевского» and «Чернышевского Н.Г.»,
«1-й Артельный проезд» and «Артельный 1 пр-д» are the same; a street, a lane and a passage of one name are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs

from service.enrolment.house_lists import ListProblem, plain, read_house, read_houses
from service.enrolment.houses import House, Houses

STREET = "улица"
_TYPES = {
    STREET: "ул улица улицы улиц",
    "проспект": "просп проспект проспекты пр-кт пр-т",
    "проезд": "проезд проезды пр-д прд",
    "переулок": "пер переулок переулки пер-к",
    "тупик": "туп тупик тупики",
    "площадь": "пл площадь площади",
    "бульвар": "бульвар бульвары б-р бул",
    "шоссе": "шоссе ш",
    "набережная": "наб набережная",
    "взвоз": "взвоз взвозы",
    "линия": "линия линии",
    "микрорайон": "мкр микрорайон мкрн мкр-н",
    "посёлок": "п пос поселок",
    "снт": "снт ст",
}
_TYPE_OF = {word: kind for kind, words in _TYPES.items() for word in words.split()}
_EITHER = frozenset({"проспект", "проезд"})  # «пр.» is written for both
_FEMININE = frozenset({STREET, "линия", "набережная", "площадь"})
_PLURALS = frozenset({"улицы", "улиц", "проезды", "переулки", "тупики", "линии"})
_ORDINAL = r"(\d+)(?:\s*-?\s*(?:ый|ой|ий|ая|й|я)\b)?"
_NUMBERS = re.compile(rf"(?<![\d«\"-]){_ORDINAL}(?:\s*-\s*{_ORDINAL})?")
_INITIAL = re.compile(r"\b[а-я]\.\s*")
_WORD = re.compile(r"[а-я\d]+(?:-[а-я\d]+)*")
_JOINED = re.compile(r"(?<=[а-я]{3})\s*-\s*(?=[а-я]{3})")
_SKIPPED = frozenset({"им", "имени", "и"})
_MOST_NUMBERS = 50
_HOUSES_IN_STREET = re.compile(r"[а-я.]{3,}\s*(?:д\.?)?\s*\d+[а-я]?(?:/\d+)?(?:\s*[,;-]\s*\d+[а-я]?(?:/\d+)?)*[\s,]*\Z")
_PART_OF_NAME = re.compile(r"[«\"№]")


@attrs.frozen(order=True)
class Street:
    """A street as it is compared.

    Args:
        kind: улица, проезд …; улица when none is written.
        name: the words of the name, in alphabetical order.
        initials: of the person it is named after; "" = not written.

    """

    kind: str
    name: str
    initials: str = ""


def streets_of(text: str) -> tuple[Street, ...]:
    """Return the streets a text may mean: several for «1, 2, 3-й Аптечные проезды», two for «пр. Мира».

    >>> streets_of("ул. им. Н.Г. Чернышевского") == streets_of("Чернышевского Н.Г.")
    True
    >>> [street.name for street in streets_of("1, 2-й Аптечные проезды")]
    ['1 аптечный', '2 аптечный']
    >>> sorted(street.kind for street in streets_of("пр. Мира"))
    ['проезд', 'проспект']

    """
    given = _JOINED.sub("", plain(text))
    initials = "".join(sorted(match[0][0] for match in _INITIAL.finditer(given) if match[0][0] not in _TYPE_OF))
    kept = _INITIAL.sub(lambda match: match[0] if match[0][0] in _TYPE_OF else " ", given)
    numbers = _numbers(kept)
    words = [word for word in _WORD.findall(_NUMBERS.sub(" ", kept)) if word not in _SKIPPED]
    found = [(index, _TYPE_OF[word]) for index, word in enumerate(words) if word in _TYPE_OF]
    either = "пр" in words
    kinds = sorted(_EITHER) if either and not found else [found[-1][1] if found else STREET]
    plural = bool(found) and words[found[-1][0]] in _PLURALS
    dropped = {found[-1][0]} if found else set()
    rest = [word for index, word in enumerate(words) if index not in dropped and word != "пр"]
    # Where the name is nothing but the word for a kind («Взвоз»), that word is the name.
    rest = rest or [words[index] for index in dropped]
    answer = []
    for kind in kinds:
        name = [_singular(word, kind, plural=plural) for word in rest]
        answer += [Street(kind, " ".join(sorted([*name, *number])), initials) for number in numbers]
    return tuple(answer)


def _numbers(text: str) -> list[list[str]]:
    """Return the numbers of the streets a name stands for; one empty list when it has none."""
    numbers: list[str] = []
    for match in _NUMBERS.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += [str(number) for number in range(first, min(last, first + _MOST_NUMBERS) + 1)] or [match[1]]
    return [[number] for number in dict.fromkeys(numbers)] or [[]]


def _singular(word: str, kind: str, *, plural: bool) -> str:
    """Return an adjective as it stands beside one street; names of people stay as they are."""
    if kind in _FEMININE:
        return re.sub(r"(?<=..)[ыи]е\Z", "ая", word) if plural else word
    return re.sub(r"(?<=...)(?:ый|ий|ой|ые|ие|ьи)\Z", "ый", word) if kind != "снт" else word


@attrs.frozen
class TerritoryRow:
    """One row of a table of territories, as it is given."""

    line: int
    organisation: str
    street: str
    houses: str
    district: str = ""


@attrs.frozen(order=True)
class TerritoryProblem:
    """What is wrong with a row: its line, the name of the column, and for a list the place in it."""

    line: int
    field: str
    problem: ListProblem | None = None

    def message(self, lang: str) -> str:
        """Return what is wrong, in Russian ("ru") or English.

        >>> TerritoryProblem(7, "organisation").message("en")
        'the cell is empty'

        """
        if self.problem is not None:
            return self.problem.message(lang)
        return "ячейка пуста" if lang == "ru" else "the cell is empty"


@attrs.frozen
class Assignment:
    """Houses of one street that are assigned to an organisation.

    Args:
        organisation: its id or name.
        street: the street as it is written.
        houses: the houses.
        district: the part of the municipality, as it is written; "" = the whole.

    """

    organisation: str
    street: str
    houses: Houses
    district: str = ""


@attrs.frozen
class Answer:
    """What is known of an address.

    Args:
        organisations: those whose territory it is in, in alphabetical order.
        streets: the streets that were looked at, as they are written. Where a name may mean several streets and
            they do not give the same answer, nothing is decided: there are streets and no organisations.

    """

    organisations: tuple[str, ...]
    streets: tuple[str, ...]


class Territories:
    """The territories of a municipality.

    >>> houses, _ = read_houses("118-146, 151")
    >>> territories = Territories([Assignment("Гимназия № 2", "им. Чернышевского Н.Г.", houses)])
    >>> territories.organisations("ул. Чернышевского", "120")
    ('Гимназия № 2',)

    """

    def __init__(self, assignments: Iterable[Assignment]) -> None:
        """Index the assignments by district and street."""
        self._by_street: dict[Street, list[Assignment]] = {}
        self._without_initials: dict[Street, list[Street]] = {}
        for assignment in assignments:
            for street in streets_of(assignment.street):
                self._by_street.setdefault(street, []).append(assignment)
        for street in sorted(self._by_street):
            self._without_initials.setdefault(attrs.evolve(street, initials=""), []).append(street)

    def organisations(self, street: str, house: House | str, district: str = "") -> tuple[str, ...]:
        """Return the organisations whose territory an address is in, in alphabetical order.

        Raises:
            HouseError: the text is no number of a house.

        >>> Territories([]).organisations("Мира", "1")
        ()

        """
        return self.look_up(street, house, district).organisations

    def look_up(self, street: str, house: House | str, district: str = "") -> Answer:
        """Return the organisations an address is assigned to, and the streets it was looked for in.

        Args:
            street: the street as anybody writes it.
            house: the house, or its number as anybody writes it.
            district: the part of the municipality; "" = any.

        Raises:
            HouseError: the text is no number of a house.

        Complexity: O(number of rows about the street).

        >>> Territories([]).look_up("Мира", "1").streets
        ()

        """
        wanted = read_house(house) if isinstance(house, str) else house
        readings = {found for reading in streets_of(street) for found in self._known(reading, district)}
        rows = [list(self._rows(found, district)) for found in readings]
        answers = {frozenset(row.organisation for row in of_one if wanted in row.houses) for of_one in rows}
        decided = next(iter(answers)) if len(answers) == 1 else frozenset()
        return Answer(tuple(sorted(decided)), tuple(sorted({row.street for of_one in rows for row in of_one})))

    def _known(self, street: Street, district: str) -> list[Street]:
        """Return the streets with this name: written just so, or else with other initials or none."""
        if any(True for _ in self._rows(street, district)):
            return [street]
        others = self._without_initials.get(attrs.evolve(street, initials=""), [])
        # Two different sets of initials are two different people.
        fitting = [other for other in others if not street.initials or not other.initials]
        return [other for other in fitting if any(True for _ in self._rows(other, district))]

    def _rows(self, street: Street, district: str) -> Iterator[Assignment]:
        wanted = plain(district).strip()
        for row in self._by_street.get(street, ()):
            if not wanted or not row.district or plain(row.district).strip() == wanted:
                yield row


def read_territories(rows: Iterable[TerritoryRow]) -> tuple[Territories, tuple[TerritoryProblem, ...]]:
    """Return the territories of a table, and everything in it that cannot be used.

    >>> rows = [TerritoryRow(2, "Школа № 1", "Мира", "1-9, 14 16"), TerritoryRow(3, "", "Лесная", "2")]
    >>> _, problems = read_territories(rows)
    >>> [(problem.line, problem.field, problem.message("en")) for problem in problems]
    [(2, 'houses', '«14 16»: the numbers are not parted by a comma'), (3, 'organisation', 'the cell is empty')]

    """
    assignments: list[Assignment] = []
    problems: list[TerritoryProblem] = []
    for row in rows:
        houses, found = read_houses(row.houses)
        problems += [TerritoryProblem(row.line, "houses", problem) for problem in found]
        cells = {"organisation": row.organisation, "street": row.street}
        problems += [TerritoryProblem(row.line, field) for field, cell in cells.items() if not cell.strip()]
        street = plain(row.street)
        if (match := _HOUSES_IN_STREET.search(street)) and not _PART_OF_NAME.search(street):
            place = ListProblem(match.start() + 1, row.street[match.start() :].strip(), "H008")
            problems.append(TerritoryProblem(row.line, "street", place))
        assignments.append(Assignment(row.organisation.strip(), row.street.strip(), houses, row.district.strip()))
    return Territories(assignments), tuple(problems)
