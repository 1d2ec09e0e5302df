"""Market files → markets: every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from queue_engine.allocation.document import Part, read_json
from queue_engine.allocation.market import Market, MarketError, Programme
from queue_engine.allocation.seat_rules import Groups, with_rules
from queue_engine.spelling import nearest

LOTTERY = "lottery_number_lower_is_better"
TIED = "priorities_with_ties"
_PARTS = ("capacities", "priorities", TIED, LOTTERY, "prefs", "types", "rules")

Tiers = tuple[tuple[str, ...], ...]


def read_market(document: object, file: str = "market") -> Market:
    """Return the market that a JSON object describes.

    Args:
        document: `capacities` {programme: seats}; `priorities` {programme: [best … worst]}, or `priorities_with_ties`
            {programme: [[best …] … [worst …]]} with `lottery_number_lower_is_better` {applicant: number}; `prefs`
            {applicant: [most wished … least]}, or a list of such lists, whose applicants are then called 0, 1, …;
            `types` {applicant: type or list of types} and `rules` {programme: rules on seats}, see `with_rules`.
            Whatever else it holds is not read.
        file: what the document is called in problems.

    Raises:
        MarketError: the document cannot be used; all its problems are in the error.

    Complexity: linear in the document.

    >>> market = read_market({"capacities": {"s1": 1}, "priorities": {"s1": ["b", "a"]},
    ...                       "prefs": {"a": ["s1"], "b": ["s1"]}})
    >>> market.programmes["s1"].order
    ('b', 'a')

    """
    part = Part(document, file)
    market = _market(part)
    if market is None or part.problems:
        raise MarketError(part.problems)
    return market


def read_markets(data: bytes, file: str) -> Market | tuple[Market, ...]:
    """Return the market a file describes, or all markets of a file {"instances": […]}, in its order.

    Args:
        data: the bytes of the file: JSON in UTF-8.
        file: its name, for problems.

    Raises:
        MarketError: the file, or one of its markets, cannot be used; all problems are in the error.

    Complexity: linear in the file.

    >>> read_markets(b'{"instances": []}', "m.json")
    ()

    """
    part = Part(read_json(data, file), file)
    if "instances" not in part:
        return read_market(part.value, file)
    markets = [_market(each) for each in part["instances"].items()]
    if part.problems:
        raise MarketError(part.problems)
    return tuple(market for market in markets if market is not None)


def _market(part: Part) -> Market | None:
    """Return a market, or None where a problem was reported that leaves nothing to build."""
    before = len(part.problems)
    members = part.members()
    _check_parts(part, members)
    capacities = members["capacities"].members() if "capacities" in members else {}
    prefs = members["prefs"].by_applicant() if "prefs" in members else {}
    for key, found in (("capacities", capacities), ("prefs", prefs)):
        if key in members and not found and not part[key].value:
            part[key].report("A013", f"'{key}' is empty", "a market has programmes and applicants")
    wishes = {applicant: _wishes(each, capacities) for applicant, each in prefs.items()}
    tiers = _tiers(members, capacities, wishes)
    lottery = _lottery(members.get(LOTTERY), wishes)
    _need_numbers(members.get(LOTTERY, part), tiers, lottery)
    counts = {name: each.count() for name, each in capacities.items()}
    programmes = [
        Programme(name, count, _order(tiers[name], lottery), tiers[name] if TIED in members else ())
        for name, count in counts.items()
        if name in tiers and count is not None
    ]
    if "rules" in members:
        programmes = _with_rules(part, programmes, capacities, _groups(members.get("types"), wishes))
    return Market.of(programmes, wishes, lottery) if len(part.problems) == before else None


def _order(tiers: Tiers, lottery: Mapping[str, int]) -> tuple[str, ...]:
    """Return the members of tiers in one order, ties broken by the drawn numbers."""
    return tuple(name for tier in tiers for name in sorted(tier, key=lambda each: (lottery.get(each, 0), each)))


def _check_parts(part: Part, members: Mapping[str, Part]) -> None:
    """Report parts that are missing, exclude each other, or have nearly the name of one that is read."""
    for key in members:
        meant = [] if key in _PARTS else [each for each in _PARTS if _alike(each, key.casefold())]
        if meant and meant[0] not in part:
            part[key].report("A006", f"'{key}' is no part of a market", f"did you mean '{meant[0]}'?")
    if "priorities" in part and TIED in part:
        part.report("A006", f"both 'priorities' and '{TIED}' are given", "give one of them")
    required = ["capacities", "prefs", *([] if TIED in part else ["priorities"])]
    for key in required if hasattr(part.value, "keys") else []:
        if key not in part:
            instead = f", or '{TIED}'," if key == "priorities" else ""
            part.report("A005", f"'{key}'{instead} is missing", nearest(key, members))


def _wishes(part: Part, programmes: Mapping[str, Part]) -> list[str]:
    """Return an applicant's list."""
    if part.value in ([], ()):
        part.report("A013", "the list of preferences is empty", "name a programme, or leave the applicant out")
    return part.names(programmes, "A011", "programme")


def _tiers(
    members: Mapping[str, Part], capacities: Mapping[str, Part], wishes: Mapping[str, list[str]]
) -> dict[str, Tiers]:
    """Return whom each programme accepts: in tiers, or in tiers of one."""
    tied = TIED in members
    part = members.get(TIED if tied else "priorities")
    if part is None:
        return {}
    found: dict[str, Tiers] = {}
    lists = part.members()
    for name, each in lists.items():
        if name not in capacities:
            each.report("A011", f"programme '{name}' has priorities and no capacity", nearest(name, capacities))
        elif tied:
            found[name] = tuple(_tied(each, wishes))
        else:
            found[name] = tuple((applicant,) for applicant in each.names(wishes, "A012", "applicant with preferences"))
    for name in capacities.keys() - lists.keys():
        part.report(
            "A005", f"programme '{name}' has a capacity and no priorities", "give its list, [] if it accepts nobody"
        )
    return found


def _tied(part: Part, wishes: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the tiers of a programme; who stands in two of them is reported."""
    earlier: set[str] = set()
    for tier in part.items():
        names = tier.names(wishes, "A012", "applicant with preferences")
        if tier.value in ([], ()):
            tier.report("A013", "a tier is empty", "leave it out")
        for name in earlier.intersection(names):
            tier.report("A003", f"applicant '{name}' stands in two tiers", "keep the better place")
        yield tuple(name for name in names if name not in earlier)
        earlier.update(names)


def _alike(part: str, other: str) -> bool:
    """Return whether a name is that of a part with letters exchanged, or without its plural."""
    return sorted(part) == sorted(other) or part.rstrip("s") == other.rstrip("s")


def _need_numbers(part: Part, tiers: dict[str, Tiers], lottery: dict[str, int]) -> None:
    """Report who stands in a tier with others and has no drawn number: nothing would decide between them."""
    tied = dict.fromkeys(name for each in tiers.values() for tier in each if len(tier) > 1 for name in tier)
    for name in tied:
        if name not in lottery:
            message = f"'{name}' shares a tier with others and has no lottery number"
            part.report("A021", message, f"give it a number under '{LOTTERY}'")


def _lottery(part: Part | None, wishes: Mapping[str, list[str]]) -> dict[str, int]:
    """Return the drawn numbers; no two are the same."""
    drawn: dict[str, int] = {}
    holder: dict[int, str] = {}
    for name, number in (part.by_applicant() if part is not None else {}).items():
        if name not in wishes:
            number.report("A012", f"there is no applicant with preferences '{name}'", nearest(name, wishes))
        elif not isinstance(number.value, int) or isinstance(number.value, bool):
            number.report("A021", f"{number.shown()} is no lottery number", "write a whole number")
        elif number.value in holder:
            message = f"'{name}' and '{holder[number.value]}' have the same lottery number {number.value}"
            number.report("A021", message, "give each a number of their own")
        else:
            drawn[name] = number.value
            holder[number.value] = name
    return drawn


def _groups(part: Part | None, wishes: Mapping[str, list[str]]) -> Groups:
    """Return the members of each type."""
    members: dict[str, set[str]] = {}
    for applicant, types in (part.by_applicant() if part is not None else {}).items():
        if applicant not in wishes:
            types.report("A012", f"there is no applicant with preferences '{applicant}'", nearest(applicant, wishes))
        several = types.items() if isinstance(types.value, list | tuple) else [types]
        for each in several if types.value is not None else []:
            name = each.name()
            if name is not None:
                members.setdefault(name, set()).add(applicant)
    return {name: frozenset(found) for name, found in members.items()}


def _with_rules(
    part: Part, programmes: list[Programme], capacities: Mapping[str, Part], groups: Groups
) -> list[Programme]:
    """Return the programmes with the rules on their seats."""
    rules = part["rules"].members()
    if rules and "types" not in part:
        part.report("A005", "there are 'rules' and no 'types'", "say who is of which type")
    for name in rules.keys() - capacities.keys():
        rules[name].report("A011", f"there is no programme '{name}'", nearest(name, capacities))
    return [
        with_rules(programme, rules[programme.name], groups) if programme.name in rules else programme
        for programme in programmes
    ]
