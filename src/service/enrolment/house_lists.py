"""House lists as municipal acts write them -> `Houses`, every problem at once with its place in the text.

Read are «118-146, 151, 153/1-173», «с 3 по 55а», «с 113 (нечетные)», «чётная сторона», «все дома», «14 корпус 2»,
«2 (все корпуса)», «А-21», «все, кроме 42/1» and «3-79 (кроме 61/67)». What cannot be decided from an address alone
(«частный сектор все дома») or was glued together in the source is a problem: nobody's right is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from service.enrolment.houses import House, HouseRange, Houses, OneHouse, Part, Side

MESSAGES = {
    "H001": ("дома не названы", "no house is listed"),
    "H002": ("это не номер дома и не сторона улицы", "this is no number of a house and no side of a street"),
    "H003": ("номера не разделены запятой", "the numbers are not parted by a comma"),
    "H004": ("диапазон кончается раньше, чем начинается", "the range ends before it begins"),
    "H005": (
        "по адресу не видно, частный ли это дом: перечислите номера",
        "an address does not tell whether a house is private: list the numbers",
    ),
    "H006": ("скобка не закрыта или не открыта", "a bracket is not closed, or not opened"),
    "H007": (
        "неясно, до какого дома: напишите «с … по …» или «с … (все дома)»",
        "it is not said where the range ends: write «с … по …» or «с … (все дома)»",
    ),
    "H008": ("номера домов стоят в названии улицы", "numbers of houses stand in the name of the street"),
}


@attrs.frozen(order=True)
class ListProblem:
    """What is wrong with a place in a house list.

    Args:
        column: 1-based character of the list where it begins.
        found: the text that cannot be used.
        code: one of `MESSAGES`.

    """

    column: int
    found: str
    code: str

    def message(self, lang: str) -> str:
        """Return what is wrong, in Russian ("ru") or English.

        >>> ListProblem(4, "5-3", "H004").message("en")
        '«5-3»: the range ends before it begins'

        """
        text = MESSAGES[self.code][lang != "ru"]
        return f"«{self.found}»: {text}" if self.found else text


class HouseError(ValueError):
    """A text is not the number of one house."""


_SAME_LOOK = str.maketrans("ABCEHKMOPTXaceopxё\u0450\u00a0\u202f\t\n\r–—−‐‑‒", "авсенкмортхасеорхее     ------")
_TAIL = r"(?: {0,3}-? {0,3}([а-я])(?:(?=к(?:ор)?п?\.? {0,3}\d)|(?![а-я]|\.? {0,3}\d)))?"
_HOUSE = re.compile(
    rf"(?:\b([а-я]) {{0,3}}- {{0,3}})?(?<!\d)(\d{{1,4}})(?!\d){_TAIL}(?: {{0,3}}/ {{0,3}}(\d{{1,4}})(?!\d){_TAIL})?"
    r"(?:,? {0,3}(?:корпус|корп|кор|к)\.? {0,3}(\d{1,3})(?![\d-]?[а-я]))?"
    r"(?:,? {0,3}(?:строение|стр)\.? {0,3}(\d{1,3})\b)?"
)
_FROM = re.compile(r"\bс\s*(?=[\dа-я])")
_TO = re.compile(r"\s*\bпо\s*|(?<=\d)по\s*|\s*-\s*")
_EXCEPT = re.compile(r"\b(?:кроме|за исключением|исключая)\b\s*:?")
_ALL_BUILDINGS = re.compile(r"\s*(?:\(\s*)?все корпуса\s*\)?")
_SOME_BUILDINGS = re.compile(
    r"\s*\(\s*(?:(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*корпус[аы]?|((?:,?\s*(?:к|корп|корпус)\.?\s*\d{1,3})+))\s*\)"
)
_BUILDING = re.compile(r"\s*(?:корп|кор|к|стр)[а-я]*\.?\s*\d")
_SIDE_ALONE = re.compile(r"\s*(?:не)?четн[а-я]*\s+стор[а-я]*\s*\Z")
_OF_SIDE = re.compile(r"\s*дома?\b")
_WORD = re.compile(r"[а-яa-z]+|\d[\d/а-я]*|\S")
_ALL = frozenset({"все", "всех", "вся", "весь", "целиком", "полностью", "обе", "обеим"})
_MEANS_NOTHING = re.compile(r"(?:дом(?:а|ов|ам)?|д|номера?|номеров|стор[а-я]*|улиц[аеы]|по|и|№|[.,:()])\Z")
_PRIVATE = re.compile(r"частн[а-я]*\s+сектор[а-я]*|частн[а-я]*\s+дом[а-я]*")


def plain(text: str) -> str:
    """Return a text in small letters of one alphabet, of the same length: ё as е, Latin look-alikes, dashes, spaces.

    >>> plain("12А – 14Ё")
    '12а - 14е'

    """
    lowered = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text.translate(_SAME_LOOK))
    return lowered.translate(_SAME_LOOK)


def read_house(text: str) -> House:
    """Return the house a text names.

    Raises:
        HouseError: it names none, or more than one.

    >>> read_house("д. 14 А, корп. 2"), str(read_house("140 / 142"))
    (House(prefix='', number=14, letter='а', fraction=0, fraction_letter='', building=2, structure=0), '140/142')

    """
    given = re.sub(r"^\s*(?:дом|д|№)\.?\s*(?=\d|[а-я]-\d)", "", plain(text)).strip()
    match = _HOUSE.fullmatch(given)
    if match is None:
        raise HouseError(f"«{text}» is no number of a house; write it like 12, 12а, 12/3 or 12 к. 3")
    return _house(match)


def read_houses(text: str) -> tuple[Houses, tuple[ListProblem, ...]]:
    """Return the houses of a list, and everything in it that cannot be used.

    >>> houses, problems = read_houses("118-146, 151, 153/1-173, 3 9")
    >>> str(houses), [(problem.column, problem.found, problem.code) for problem in problems]
    ('118-146, 151, 153/1-173', [(26, '3 9', 'H003')])

    """
    reader = _Reader(text)
    parts = reader.read(0, len(text))
    if not parts and not reader.problems:
        reader.problems.append(ListProblem(1, "", "H001"))
    return Houses(parts), tuple(sorted(set(reader.problems)))


def _house(match: re.Match[str]) -> House:
    prefix, number, letter, fraction, fraction_letter, building, structure = match.groups()
    return House(
        prefix or "",
        int(number),
        letter or "",
        int(fraction or 0),
        fraction_letter or "",
        int(building or 0),
        int(structure or 0),
    )


class _Reader:
    """One list being read: items between commas, exceptions, and the problems met on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = plain(text)
        self.problems: list[ListProblem] = []

    def read(self, start: int, end: int, *, nested: bool = False) -> list[Part]:
        """Return the parts listed between two places, exceptions taken out."""
        exception = self._exception(start, end)
        if exception is not None and nested:
            self._refuse("H002", exception.start(), end)  # an exception from an exception
            end, exception = exception.start(), None
        listed_end = end if exception is None else exception.start()
        parts = [part for item in self._items(start, listed_end) for part in self._item(*item)]
        if exception is None:
            return parts
        excluded = Houses(self.read(exception.end(), end, nested=True)).parts
        return list(_without(parts, excluded))

    def _refuse(self, code: str, start: int, end: int) -> None:
        found = self.text[start:end]
        lead = len(found) - len(found.lstrip())
        self.problems.append(ListProblem(start + lead + 1, found.strip(), code))

    def _exception(self, start: int, end: int) -> re.Match[str] | None:
        """Return the words that begin an exception from all that stands before, outside brackets."""
        for match in _EXCEPT.finditer(self.plain, start, end):
            before = self.plain[start : match.start()]
            if before.count("(") <= before.count(")"):
                return match
        return None

    def _items(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the items stand: between commas and semicolons outside brackets, blank ones left out."""
        depth = 0
        begin = start
        for index in range(start, end + 1):
            mark = self.plain[index] if index < end else ";"
            depth += (mark == "(") - (mark == ")")
            if index < end and (mark not in ",;" or depth > 0):
                continue
            if mark == "," and _BUILDING.match(self.plain, index + 1):
                continue  # «14, корп. 2» is one house
            if mark == "," and _OF_SIDE.match(self.plain, index + 1) and _SIDE_ALONE.match(self.plain, begin, index):
                continue  # «четная сторона, дома 2-44» is one range
            if self.plain[begin:index].strip():
                yield begin, index
            begin = index + 1

    def _item(self, start: int, end: int) -> list[Part]:
        """Return the parts of one item, with the exceptions in its brackets."""
        item = self.plain[start:end]
        if item.count("(") != item.count(")"):
            self._refuse("H006", start, end)
            return []
        bracket = re.search(rf"\(\s*{_EXCEPT.pattern}((?:[^()]|\([^()]*\))*)\)", item)
        if bracket is None:
            return self._bare(start, end)
        excluded = Houses(self.read(start + bracket.start(1), start + bracket.end(1), nested=True)).parts
        if item[bracket.end() :].strip(" ."):
            self._refuse("H002", start + bracket.end(), end)
            return []
        return list(_without(self._bare(start, start + bracket.start()), excluded))

    def _bare(self, start: int, end: int) -> list[Part]:
        """Return the parts of an item without exceptions: a house, a range, a side, the whole street."""
        match = _HOUSE.search(self.plain, start, end)
        if match is None:
            side = self._side(start, end, start, end)
            return [] if side is None else [HouseRange(None, None, side)]
        first, begin, stop = _house(match), match.start(), match.end()
        ranged = False
        if from_word := _FROM.search(self.plain, start, begin + 1):
            ranged = from_word.end() == begin
            begin = from_word.start() if ranged else begin
        last, stop = self._last(stop, end)
        if last is None and not ranged:
            return self._single(start, begin, first, stop, end)
        trail = self._side(start, begin, stop, end, needed=last is None)
        if trail is None:
            return []
        if last is None:
            return [HouseRange(first, None, trail)]
        if last < first or last.prefix != first.prefix:
            self._refuse("H004", begin, stop)
            return []
        named = self._named_side(start, begin, stop, end)
        return [HouseRange(first, last, named or Side.between(first.number, last.number))]

    def _last(self, stop: int, end: int) -> tuple[House | None, int]:
        to_word = _TO.match(self.plain, stop, end)
        match = None if to_word is None else _HOUSE.match(self.plain, to_word.end(), end)
        return (None, stop) if match is None else (_house(match), match.end())

    def _single(self, start: int, begin: int, house: House, stop: int, end: int) -> list[Part]:
        """Return one house, or its buildings, after checking that nothing else is said of it."""
        if match := _ALL_BUILDINGS.match(self.plain, stop, end):
            parts: list[Part] = [OneHouse(house, buildings=True)]
            stop = match.end()
        elif match := _SOME_BUILDINGS.match(self.plain, stop, end):
            numbers = re.findall(r"\d+", match[0])
            parts = [OneHouse(attrs.evolve(house, building=int(number))) for number in numbers]
            stop = match.end()
        else:
            parts = [OneHouse(house)]
        for low, high in ((start, begin), (stop, end)):
            words = _WORD.findall(_PRIVATE.sub("", self.plain[low:high]) if low == start else self.plain[low:high])
            if any(not _MEANS_NOTHING.match(word) for word in words):
                digits = any(word[0].isdigit() for word in words)
                self._refuse("H003" if digits else "H002", start if digits else low, end if digits else high)
                return []
        return parts

    def _words(self, start: int, begin: int, stop: int, end: int) -> list[tuple[str, int, int]]:
        spans = [(start, begin), (stop, end)] if (start, begin) != (stop, end) else [(start, end)]
        return [
            (match[0], match.start(), match.end())
            for low, high in spans
            for match in _WORD.finditer(self.plain, low, high)
        ]

    def _named_side(self, start: int, begin: int, stop: int, end: int) -> Side | None:
        words = [word for word, _, _ in self._words(start, begin, stop, end)]
        odd = any(word.startswith("нечетн") for word in words)
        even = any(word.startswith("четн") for word in words)
        if any(word in _ALL for word in words) and not odd and not even:
            return Side.BOTH
        if odd or even:
            return Side.BOTH if odd and even else Side.ODD if odd else Side.EVEN
        return None

    def _side(self, start: int, begin: int, stop: int, end: int, *, needed: bool = True) -> Side | None:
        """Return the side the words around a range name (both when none is), or None when they say something else."""
        private = _PRIVATE.search(self.plain, start, end)
        if private is not None and needed:
            self._refuse("H005", start, end)
            return None
        for word, low, _ in self._words(start, begin, stop, end):
            known = _MEANS_NOTHING.match(word) or word in _ALL or re.match(r"(?:не)?четн", word)
            if not known and not (private is not None and private.start() <= low < private.end()):
                self._refuse("H003" if word[0].isdigit() else "H002", start, end)
                return None
        side = self._named_side(start, begin, stop, end)
        if side is None and needed:
            self._refuse("H002" if begin == end else "H007", start, end)
            return None
        return side or Side.BOTH


def _without(parts: list[Part], excluded: tuple[Part, ...]) -> Iterator[Part]:
    """Yield the parts with the exceptions left out of the ranges, and without the single houses they name."""
    for part in parts:
        if isinstance(part, HouseRange):
            yield attrs.evolve(part, excluded=Houses([*part.excluded, *excluded]).parts)
        elif not any(other.contains(part.house) for other in excluded):
            yield part
