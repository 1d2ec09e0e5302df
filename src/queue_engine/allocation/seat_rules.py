"""Rules on seats, as a market file writes them: reserves, ceilings, shares, or the seats one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import attrs

from queue_engine.allocation.choice import Reserve, seats_in_order
from queue_engine.allocation.document import Part
from queue_engine.allocation.market import Ceiling, Programme, Seats, Share, Unused
from queue_engine.spelling import nearest

Groups = Mapping[str, frozenset[str]]

_LIMITS = ("reserved", "at_most", "share")
_KEYS = ("type", *_LIMITS, "filled", "unused")
_FILLED = ("before_general", "after_general")
_UNUSED = {"general": Unused.GENERAL, "keep": Unused.KEEP}
_KINDS = {"soft": Unused.BEST, "hard": Unused.KEEP}
_WHOLE = 100


def with_rules(programme: Programme, rules: Part, groups: Groups) -> Programme:
    """Return a programme with the rules on its seats; what cannot be read is reported and left out.

    Args:
        programme: as yet of general seats only.
        rules: one rule, a list of rules, or a list with one element for every seat, in the order of filling:
            "open", or the type that takes the seat first (`soft`: else the best; `hard`: else nobody).
        groups: who is of which type.

    Complexity: linear in rules and members of groups.

    >>> bare = Programme("s1", 3, ("a", "b", "c"))
    >>> rules = Part({"type": "m", "reserved": 1}, "m.json", "rules.s1")
    >>> [seats.count for seats in with_rules(bare, rules, {"m": frozenset("c")}).seats]
    [1, 2]
    >>> rules = Part(["open", {"type": "m", "kind": "hard"}, "open"], "m.json", "rules.s1")
    >>> [seats.unused.value for seats in with_rules(bare, rules, {"m": frozenset("c")}).seats]
    ['general', 'keep', 'general']

    """
    if isinstance(rules.value, list | tuple):
        parts = rules.items()
        if not any(_says_a_limit(part) for part in parts):
            return _with_seats(programme, rules, parts, groups)
    else:
        parts = [rules]
    found = [each for part in parts for each in _rules_of(part, groups)]
    reserves = [rule for rule in found if isinstance(rule, Reserve)]
    shares = tuple(rule for rule in found if isinstance(rule, Share))
    reserved = sum(reserve.count for reserve in reserves)
    if reserved > programme.capacity:
        message = f"{reserved} seats are reserved, and the programme has {programme.capacity}"
        rules.report("A031", message, "reserve no more seats than there are")
    if reserves and shares:
        rules.report("A030", "a programme has both reserved seats and shares", "give one of them")
        return programme
    ruled = attrs.evolve(
        programme,
        seats=seats_in_order(programme.capacity, reserves),
        shares=shares,
        ceilings=tuple(rule for rule in found if isinstance(rule, Ceiling)),
    )
    for obstacle in overlaps(ruled):
        rules.report("A032", obstacle, "give groups of a programme that are apart")
    return ruled


def overlaps(programme: Programme) -> Iterator[str]:
    """Yield why whom a programme refuses might be chosen when more ask, so that the order of asking would decide.

    Ceilings have to be apart or one inside the other; a ceiling and a group with seats
    or a share apart or the same; shares apart. Seats that fall to the best at once bear no ceiling beside them.

    >>> order = ("a", "b", "c")
    >>> ceilings = Ceiling("A", frozenset("ab"), 1), Ceiling("B", frozenset("bc"), 1)
    >>> list(overlaps(Programme("p", 2, order, ceilings=ceilings)))
    ["'A' and 'B' have ceilings and members in common"]

    """
    accepted = frozenset(programme.order)
    for one, other in combinations(programme.ceilings, 2):
        first, second = one.members & accepted, other.members & accepted
        if first & second and not (first <= second or second <= first):
            yield f"'{one.group}' and '{other.group}' have ceilings and members in common"
    for share, later in combinations(programme.shares, 2):
        if share.members & later.members & accepted:
            yield f"'{share.group}' and '{later.group}' have shares and members in common"
    if programme.ceilings and any(seats.unused is Unused.BEST for seats in programme.seats):
        yield "seats that the best may have at once stand beside a ceiling"
    favoured = [(seats.group, seats.entitled) for seats in programme.seats if not seats.is_general]
    favoured += [(share.group, share.members) for share in programme.shares]
    for ceiling in programme.ceilings:
        for group, members in favoured:
            if ceiling.members & members & accepted and ceiling.members & accepted != members & accepted:
                yield f"'{ceiling.group}' has a ceiling and members in common with '{group}', which is favoured"


def _says_a_limit(part: Part) -> bool:
    """Return whether an element of a list is a rule, and not a seat."""
    return isinstance(part.value, Mapping) and any(str(key).endswith((*_LIMITS, *_KEYS[-2:])) for key in part.value)


def _rules_of(part: Part, groups: Groups) -> Iterator[Reserve | Ceiling | Share]:
    """Yield the rules of one object: with a type, or with the type in front of each key."""
    members = part.members()
    if "type" in members:
        group = members["type"].name()
        limits = {key: members[key] for key in _LIMITS if key in members}
        for key in members.keys() - {*_KEYS}:
            members[key].report("A030", f"'{key}' is not known in a rule", nearest(key, _KEYS))
        if not limits:
            part.report("A030", "the rule says nothing about its type", f"give one of {', '.join(_LIMITS)}")
        for key, limit in limits.items():
            yield from _rule(part, group, key, limit, groups)
        return
    for name, limit in members.items():
        suffix = next((each for each in _LIMITS if name.endswith(f"_{each}")), "")
        if not suffix:
            limit.report("A030", f"'{name}' is not known in a rule without 'type'", nearest(name, ("type",)))
        else:
            yield from _rule(part, name.removesuffix(f"_{suffix}"), suffix, limit, groups)


def _rule(part: Part, group: str | None, key: str, limit: Part, groups: Groups) -> Iterator[Reserve | Ceiling | Share]:
    count = limit.count("per cent" if key == "share" else "a number of seats")
    filled = _word(part, "filled", _FILLED)
    unused = _UNUSED[_word(part, "unused", tuple(_UNUSED))]
    if group is None or count is None:
        return
    entitled = groups.get(group, frozenset())
    if key == "at_most":
        yield Ceiling(group, entitled, count)
    elif key == "share":
        if count > _WHOLE:
            limit.report("A030", f"a share of {count} per cent is more than all", "write 0 to 100")
        yield Share(group, entitled, count)
    elif count:
        yield Reserve(group, entitled, count, filled == "after_general", unused)


def _word(part: Part, key: str, words: tuple[str, ...]) -> str:
    """Return the word under a key, by default the first; another is reported."""
    if key not in part:
        return words[0]
    value = part[key].value
    if isinstance(value, str) and value in words:
        return value
    part[key].report("A030", f"{part[key].shown()} is not known here", f"write {' or '.join(words)}")
    return words[0]


def _with_seats(programme: Programme, rules: Part, parts: list[Part], groups: Groups) -> Programme:
    """Return a programme whose seats are described one by one."""
    seats = [seat for part in parts if (seat := _seat(part, groups)) is not None]
    if len(parts) != programme.capacity:
        message = f"{len(parts)} seats are described, and the programme has {programme.capacity}"
        rules.report("A031", message, "describe every seat")
    if len(seats) != programme.capacity:
        return programme
    return attrs.evolve(programme, seats=tuple(seats))


def _seat(part: Part, groups: Groups) -> Seats | None:
    if part.value == "open":
        return Seats(1)
    if not isinstance(part.value, Mapping):
        part.report("A030", f"{part.shown()} is no seat", 'write "open" or {"type": …, "kind": "soft" or "hard"}')
        return None
    members = part.members()
    for key in members.keys() - {"type", "kind"}:
        members[key].report("A030", f"'{key}' is not known in a seat", nearest(key, ("type", "kind")))
    group = part["type"].name()
    unused = _KINDS[_word(part, "kind", tuple(_KINDS))]
    if "kind" not in members:
        part.report("A005", "'kind' is missing", "write soft or hard")
    return None if group is None else Seats(1, group, groups.get(group, frozenset()), unused)
