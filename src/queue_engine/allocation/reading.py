"""Market files → markets: every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from queue_engine.allocation.bundles import bundles_of, together_in_order, together_in_tiers
from queue_engine.allocation.document import Part, read_json
from queue_engine.allocation.market import Market, MarketError, Programme, Ties
from queue_engine.allocation.seat_rules import Groups, with_rules
from queue_engine.spelling import nearest

LOTTERY = "lottery_number_lower_is_better"
TIED = "priorities_with_ties"
TIES = "ties"
BUNDLES = "bundles"
_PARTS = ("capacities", "priorities", TIED, LOTTERY, "prefs", "types", "rules", TIES, BUNDLES)

Tiers = tuple[tuple[str, ...], ...]


def read_market(document: object, file: str = "market") -> Market:
    """Return the market that a JSON object describes.

    Args:
        document: `capacities` {programme: seats}; `priorities` {programme: [best … worst]}, or `priorities_with_ties`
            {programme: [[best …] … [worst …]]} with `lottery_number_lower_is_better` {applicant: number}; `prefs`
            {applicant: [most wished … least]}, or a list of such lists, whose applicants are then called 0, 1, …;
            `types` {applicant: type or list of types} and `rules` {programme: rules on seats}, see `with_rules`;
            `ties` "lottery", "overfill" or "underfill", for all programmes: what becomes of tiers; the last two need no
            lottery numbers; `bundles` {follower: leader}: who is placed together or at the next wish.
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
    ties = _ties(part, members)
    if ties is Ties.LOTTERY:
        _need_numbers(members.get(LOTTERY, part), tiers, lottery)
    bundles = _bundles(members[BUNDLES], wishes) if BUNDLES in members else ()
    counts = {name: each.count() for name, each in capacities.items()}
    programmes = []
    for name, count in counts.items():
        if name in tiers and count is not None:
            order = together_in_order(_order(tiers[name], lottery), bundles)
            joined = together_in_tiers(tiers[name], bundles) if TIED in members else ()
            programmes.append(Programme(name, count, order, joined, ties=ties or Ties.LOTTERY))
    if "rules" in members:
        programmes = _with_rules(part, programmes, capacities, _groups(members.get("types"), wishes))
    return Market.of(programmes, wishes, lottery, bundles) if len(part.problems) == before else None


def _ties(part: Part, members: Mapping[str, Part]) -> Ties | None:
    """Return what becomes of tiers; None where it cannot be read, which is reported."""
    if TIES not in members:
        return Ties.LOTTERY
    words = {ties.value: ties for ties in Ties}
    word = members[TIES].value
    if not isinstance(word, str) or word not in words:
        remedy = nearest(word, words) if isinstance(word, str) else ""
        members[TIES].report(
            "A052", f"{members[TIES].shown()} is no rule on ties", remedy or f"write {', '.join(words)}"
        )
        return None
    if words[word] is not Ties.LOTTERY and TIED not in part:
        members[TIES].report("A052", "nobody ties in this market", f"write '{TIED}' instead of 'priorities'")
        return None
    return words[word]


def _bundles(part: Part, wishes: Mapping[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    """Return who is placed together; followers and leaders that cannot be are reported."""
    leaders: dict[str, str] = {}
    for follower, leader in part.members().items():
        if follower not in wishes:
            message = f"there is no applicant with preferences '{follower}'"
            leader.report("A012", message, nearest(follower, wishes))
        name = leader.known_name(wishes, "A012", "applicant with preferences")
        if name is not None and follower in wishes:
            leaders[follower] = name
    try:
        bundles = bundles_of(leaders)
    except ValueError as error:
        part.report("A050", str(error), "let one of them lead, who follows nobody")
        return ()
    for bundle in bundles:
        numbers = {len(wishes[member]) for member in bundle}
        if len(numbers) > 1:
            message = f"the bundle of '{bundle[0]}' has lists of {' and '.join(map(str, sorted(numbers)))} wishes"
            part.report("A051", message, "give them lists of the same length: their wishes belong together one by one")
    return bundles


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
    found = []
    for programme in programmes:
        if programme.name not in rules:
            found.append(programme)
        elif programme.keeps_tiers:
            message = f"programme '{programme.name}' has rules on its seats, and tiers that are not divided"
            rules[programme.name].report("A006", message, f"leave out one of 'rules' and '{TIES}'")
        else:
            found.append(with_rules(programme, rules[programme.name], groups))
    return found
