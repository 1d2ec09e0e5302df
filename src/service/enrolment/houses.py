"""Houses of a street: one house, a range of them, a side, the whole street; which house belongs, and how it is written.

A house is compared part by part, so 12 < 12 к. 1 < 12/1 < 12а < 13, and a range holds what lies between its
ends in that order, both ends included as they are written: «3-55» ends with house 55, «3-55а» with 55а.
"""

from __future__ import annotations

from enum import Enum

import attrs


class Side(Enum):
    """The side of a street, by the parity of the numbers."""

    EVEN = "чётные"
    ODD = "нечётные"
    BOTH = "обе стороны"

    def has(self, number: int) -> bool:
        """Tell whether a number stands on this side.

        >>> Side.EVEN.has(12), Side.ODD.has(12), Side.BOTH.has(12)
        (True, False, True)

        """
        return self is Side.BOTH or (number % 2 == 0) == (self is Side.EVEN)

    @classmethod
    def between(cls, first: int, last: int) -> Side:
        """Return the side a range means when nobody names one: both ends even or odd mean that side only.

        >>> Side.between(118, 146), Side.between(1, 6)
        (<Side.EVEN: 'чётные'>, <Side.BOTH: 'обе стороны'>)

        """
        if first % 2 != last % 2:
            return cls.BOTH
        return cls.ODD if first % 2 else cls.EVEN


@attrs.frozen(order=True)
class House:
    """The number of a house.

    Args:
        prefix: a letter before the number, as in А-21; "" = none.
        number: the number.
        letter: the letter after it, as in 12а.
        fraction: the number after the slash, as in 140/142; 0 = none.
        fraction_letter: the letter after that.
        building: корпус; 0 = none. 14/1 and 14 к. 1 are different houses.
        structure: строение; 0 = none.

    """

    prefix: str
    number: int
    letter: str = ""
    fraction: int = 0
    fraction_letter: str = ""
    building: int = 0
    structure: int = 0

    def __str__(self) -> str:
        """Return the canonical written form."""
        prefix = f"{self.prefix.upper()}-" if self.prefix else ""
        fraction = f"/{self.fraction}{self.fraction_letter}" if self.fraction else ""
        building = f" к. {self.building}" if self.building else ""
        structure = f" стр. {self.structure}" if self.structure else ""
        return f"{prefix}{self.number}{self.letter}{fraction}{building}{structure}"


@attrs.frozen
class OneHouse:
    """One house that is listed.

    Args:
        house: the house.
        buildings: True = with every корпус and строение of it.

    """

    house: House
    buildings: bool = False

    def contains(self, house: House) -> bool:
        """Tell whether this is the house, or a building of it where all of them are meant.

        >>> OneHouse(House("", 2), buildings=True).contains(House("", 2, building=4))
        True

        """
        if self.buildings:
            return attrs.evolve(house, building=0, structure=0) == self.house
        return house == self.house

    def __str__(self) -> str:
        """Return the canonical written form."""
        return f"{self.house} (все корпуса)" if self.buildings else str(self.house)


@attrs.frozen
class HouseRange:
    """The houses from one to another on one side or on both; without ends, the whole street or side.

    Args:
        first: where it begins; None = with the street.
        last: where it ends; None = with the street.
        side: the side of the street.
        excluded: what is left out.

    """

    first: House | None
    last: House | None
    side: Side
    excluded: tuple[OneHouse | HouseRange, ...] = ()

    def contains(self, house: House) -> bool:
        """Tell whether a house lies between the ends, on the side, and is not left out.

        >>> HouseRange(House("", 153, fraction=1), House("", 173), Side.ODD).contains(House("", 155, "а"))
        True

        """
        if not self.side.has(house.number):
            return False
        if self.first is not None and (house.prefix != self.first.prefix or house < self.first):
            return False
        if self.last is not None and house > self.last:
            return False
        return not any(part.contains(house) for part in self.excluded)

    def __str__(self) -> str:
        """Return the canonical written form."""
        if self.first is None:
            text = {Side.BOTH: "все дома", Side.EVEN: "чётная сторона", Side.ODD: "нечётная сторона"}[self.side]
        elif self.last is None:
            text = f"с {self.first} ({'все дома' if self.side is Side.BOTH else self.side.value})"
        else:
            text = f"с {self.first} по {self.last}" if self.first.prefix else f"{self.first}-{self.last}"
            if self.side is not Side.between(self.first.number, self.last.number):
                text += f" ({self.side.value})"
        return text + (f" (кроме {', '.join(map(str, self.excluded))})" if self.excluded else "")


Part = OneHouse | HouseRange


def in_order(parts: tuple[Part, ...] | list[Part]) -> tuple[Part, ...]:
    """Return the parts of a list by their first houses, each once.

    >>> [str(part) for part in in_order([OneHouse(House("", 9)), OneHouse(House("", 2)), OneHouse(House("", 9))])]
    ['2', '9']

    """
    return tuple(sorted(dict.fromkeys(parts), key=_rank))


def _rank(part: Part) -> tuple[bool, str, House, str]:
    first = part.house if isinstance(part, OneHouse) else part.first
    return first is not None, first.prefix if first else "", first or House("", 0), str(part)


def _listed(houses: Houses) -> frozenset[House]:
    return frozenset(part.house for part in houses.parts if isinstance(part, OneHouse) and not part.buildings)


def _wider(houses: Houses) -> tuple[Part, ...]:
    return tuple(part for part in houses.parts if isinstance(part, HouseRange) or part.buildings)


@attrs.frozen
class Houses:
    """The houses of one street that are assigned to somebody.

    Args:
        parts: what is listed, in canonical order, each once.

    >>> houses = Houses([OneHouse(House("", 151)), HouseRange(House("", 118), House("", 146), Side.EVEN)])
    >>> str(houses), House("", 120, "а") in houses, House("", 121) in houses
    ('118-146, 151', True, False)

    """

    parts: tuple[Part, ...] = attrs.field(default=(), converter=in_order)
    _listed: frozenset[House] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_listed, takes_self=True)
    )
    _wider: tuple[Part, ...] = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_wider, takes_self=True)
    )

    def contains(self, house: House) -> bool:
        """Tell whether a house is among them.

        Complexity: O(number of ranges).

        >>> Houses([OneHouse(House("", 7))]).contains(House("", 7))
        True

        """
        return house in self._listed or any(part.contains(house) for part in self._wider)

    def __contains__(self, house: House) -> bool:
        """Tell whether a house is among them."""
        return self.contains(house)

    def __str__(self) -> str:
        """Return the canonical written form, which `read_houses` reads back as the same houses."""
        return ", ".join(map(str, self.parts))
