"""The properties P1 to P12 of a result, each looked at in what the files say, without computing a matching (§9.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .findings import short
from .round_model import FREEZE, GENERAL, HELD, MECHANISM, OTHERS, RESULT, Folder, Frozen, Place, Programme, Result
from .round_seats import Flow, Seated, flows, market_seats, seated, shares


class Properties:
    """Checks the properties of a result.

    Args:
        folder: what takes the findings.
        frozen: a round whose references are all right.
        result: a cut-off for every programme, a place for every applicant, as far as there are lines.

    """

    def __init__(self, folder: Folder, frozen: Frozen, result: Result) -> None:
        """Sort the places by programme."""
        self._folder = folder
        self._frozen = frozen
        self._result = result
        self._number = {name: number for number, name in enumerate(frozen.passes)} | {OTHERS: len(frozen.passes)}
        self._bundled = {name for bundle in frozen.bundles for name in bundle.members}
        self._placed: dict[str, list[int]] = {name: [] for name in frozen.programmes}
        self._offered: dict[str, list[str]] = {name: [] for name in frozen.programmes}
        self._right: dict[str, Place] = {}
        self._taken: dict[str, Seated] = {}
        self._market: dict[str, int] = {}  # seats in the last market

    def _say(self, line: int, name: str, message: str) -> None:
        self._folder.say("V6", RESULT, line, f"§9.9 {name}", message)

    def check(self) -> None:
        """Check all properties; P1, one line for everybody, was checked where the lines were read."""
        for name, place in self._result.places.items():
            if place.programme and self._accepted(name, place):
                self._right[name] = place
                if place.turn == OTHERS:
                    self._offered[place.programme].append(name)
                else:
                    self._placed[place.programme].append(self._frozen.programmes[place.programme].position[name])
        after = {name: cutoff.seats for name, cutoff in self._result.cutoffs.items()}
        found = flows(self._frozen, after) if after.keys() == self._frozen.programmes.keys() else {}
        for name, programme in self._frozen.programmes.items():
            self._placed[name].sort()
            if name in after:
                self._market[name] = self._market_seats(programme, after[name], found.get(name))
                self._taken[name] = seated(programme, self._market[name], self._placed[name])
                self._seats(programme, after[name])
        self._cutoffs()
        self._held()
        self._together()
        if found:
            self._flows(found, after)
        if self._frozen.header["mechanism"] == MECHANISM:
            self._envy()
            self._envy_of_others()

    def _accepted(self, name: str, place: Place) -> bool:
        """P2 and P3: a wish, or one of the further programmes, and one that accepts the applicant."""
        applicant, here = self._frozen.applicants[name], f"application {short(name)}"
        programme = self._frozen.programmes.get(place.programme)
        wishes = [*applicant.wishes, *applicant.others]
        if programme is None or place.programme not in wishes:
            told = f"{here} is placed at {short(place.programme)}, which it neither wished for nor agreed to"
            self._say(place.line, "P2", told)
            return False
        wish = wishes.index(place.programme) + 1
        other = wish > len(applicant.wishes)
        if wish != place.wish:
            told = f"{here}: wish is {place.wish}; for {short(place.programme)} it has to be {wish}"
            self._say(place.line, "P2", told)
        turn = OTHERS if other else programme.turn
        if place.turn != turn:
            self._say(place.line, "P2", f"{here}: pass is {short(place.turn)}; it has to be {short(turn)}")
        if place.interim != bool(programme.interim):
            told = f"{here}: interim is {str(place.interim).lower()}"
            self._say(place.line, "P2", f"{told}; for {short(place.programme)} it has to be the other")
        if name not in (programme.others if other else programme.position):
            self._say(place.line, "P3", f"{here} is placed at {short(place.programme)}, whose order does not have it")
            return False
        return place.turn == turn

    def _market_seats(self, programme: Programme, after: int, flow: Flow | None) -> int:
        """Return how many seats there were in the last market."""
        placed = self._placed[programme.name]
        told = {position: self._right[programme.order[position - 1]].seat for position in placed}
        return after if flow is None else market_seats(self._frozen, programme.name, flow, placed, told)

    def _seats(self, programme: Programme, seats: int) -> None:
        """P4, P5 and P6: no more than there are, on seats one is entitled to, filled in the declared order."""
        taken, placed = self._taken[programme.name], self._placed[programme.name]
        offered = self._offered[programme.name]
        here = f"programme {short(programme.name)}"
        line = self._result.cutoffs[programme.name].line
        outside = [place for place in placed if place not in taken.seats]
        many = len(placed) > seats and programme.ties != "overfill"
        for position in outside:
            name = programme.order[position - 1]
            told = f"application {short(name)} at position {position} of {short(programme.name)} has no seat"
            why = f"{len(placed)} are placed, and there are {seats}" if many else "those left are not for it"
            self._say(self._right[name].line, "P4" if many or programme.ties else "P6", f"{told}: {why}")
        free = max(0, seats - len(placed) - taken.kept)
        if len(offered) > free:
            told = f"{here}: {len(offered)} are placed by the extra pass, and {free} seats were empty"
            self._say(line, "P4", f"{told}: {short(offered)}")
        self._entitled(programme, self._market[programme.name])
        for position, seat in taken.seats.items():
            name = programme.order[position - 1]
            if self._right[name].seat != seat:
                told = f"application {short(name)}: seat is {short(self._right[name].seat)}"
                self._say(self._right[name].line, "P6", f"{told}; in {short(programme.name)} it has to be {seat}")
        for name in offered:
            if self._right[name].seat != OTHERS:
                told = f"application {short(name)}: seat is {short(self._right[name].seat)}; it has to be {OTHERS}"
                self._say(self._right[name].line, "P6", told)

    def _entitled(self, programme: Programme, seats: int) -> None:
        """P5: every group has at most its seats, and nobody else has them."""
        before, _, after = shares(programme, seats)
        most = {HELD: len(programme.holders), GENERAL: len(programme.order), **dict(before), **dict(after)}
        entitled = {reserve.name: reserve.entitled for reserve in programme.reserves}
        entitled[HELD] = frozenset(range(1, len(programme.holders) + 1))
        count: Counter[str] = Counter()
        for position in self._placed[programme.name]:
            name = programme.order[position - 1]
            seat, line = self._right[name].seat, self._right[name].line
            count[seat] += 1
            if seat not in most:
                told = f"application {short(name)}: seat is {short(seat)}; {short(programme.name)} has no such seats"
                self._say(line, "P5", told)
            elif position not in entitled.get(seat, {position}):
                told = f"application {short(name)} has a seat for {short(seat)} in {short(programme.name)}"
                self._say(line, "P5", f"{told}, and is not entitled to it")
            elif count[seat] == most[seat] + 1:
                told = f"application {short(name)} has one more seat for {short(seat)} in {short(programme.name)}"
                self._say(line, "P5", f"{told} than the {most[seat]} there are")

    def _cutoffs(self) -> None:
        """Compare the line of every programme with those placed there."""
        count: Counter[str] = Counter()
        last = dict.fromkeys(self._frozen.programmes, 0)
        for name, place in self._result.places.items():
            count[place.programme] += 1
            if place.turn != OTHERS and place.programme in last:
                position = self._frozen.programmes[place.programme].position.get(name, 0)
                last[place.programme] = max(last[place.programme], position)
        for name, cutoff in self._result.cutoffs.items():
            position = last[name]
            expected = {"placed": count[name], "position": position, "last": ""}
            if position:
                expected["last"] = self._frozen.programmes[name].order[position - 1]
            for part, value in expected.items():
                found = getattr(cutoff, part)
                if found != value:
                    told = f"programme {short(name)}: {part} is {short(found)}"
                    told += f"; by the lines of those placed it has to be {short(value)}"
                    self._folder.say("V6", RESULT, cutoff.line, "§9.7", told)

    def _held(self) -> None:
        """P9: who held a seat has it, or a better one."""
        for name, held in self._frozen.held.items():
            place = self._right.get(name)
            wishes = self._frozen.applicants[name].wishes
            if held not in wishes:
                continue
            if place is None or place.turn == OTHERS or wishes.index(place.programme) > wishes.index(held):
                got = "nothing" if place is None else short(place.programme)
                line = self._result.places[name].line if name in self._result.places else 0
                told = f"application {short(name)} held a seat in {short(held)} and got {got}; it may not lose it"
                self._say(line, "P9", told)

    def _together(self) -> None:
        """P11: a bundle got wishes of one number, or nothing."""
        for bundle in self._frozen.bundles:
            wishes = {}
            for name in bundle.members:
                place = self._result.places.get(name, Place())
                wishes[name] = 0 if place.turn == OTHERS else place.wish
            if len(set(wishes.values())) > 1:
                told = ", ".join(f"{short(name)} {wish or 'none'}" for name, wish in wishes.items())
                line = max(self._result.places[name].line for name in wishes if name in self._result.places)
                self._say(line, "P11", f"the bundle of {FREEZE}:{bundle.line} is parted; wishes {told}")

    def _flows(self, found: Mapping[str, Flow], after: Mapping[str, int]) -> None:
        """P10 and P12: no seat is lost, and each moves only where it may."""
        before = sum(programme.seats for programme in self._frozen.programmes.values())
        if sum(after.values()) != before:
            told = f"there are {sum(after.values())} seats after flows; there have to be the {before} frozen"
            self._say(0, "P10", told)
        for name, cutoff in self._result.cutoffs.items():
            programme, flow, here = self._frozen.programmes[name], found[name], f"programme {short(name)}"
            if not programme.flows_to and flow.given:
                has = programme.seats + flow.received
                told = f"{here}: seats are {cutoff.seats}; with {flow.received} received they have to be {has}"
                self._say(cutoff.line, "P12", told)
            elif flow.given < 0:
                told = f"{here}: seats are {cutoff.seats}; frozen are {programme.seats}, {flow.received} were received"
                self._say(cutoff.line, "P12", told)
            elif programme.flows_to:
                free = cutoff.seats - len(self._placed[name]) - self._taken[name].kept
                if free > 0:
                    told = f"{here}: {free} seats are empty; they have to flow to {short(programme.flows_to)}"
                    self._say(cutoff.line, "P12", told)

    def _asks(self, name: str) -> tuple[list[tuple[str, int]], list[str]]:
        """Return what an applicant asked for in vain, with the wish numbers, and what may have been asked for."""
        place = self._right.get(name)
        held = self._frozen.held.get(name)
        wishes = self._frozen.applicants[name].wishes
        reached = len(self._number) if place is None else self._number[place.turn]
        granted = wishes.index(place.programme) if place is not None and place.turn != OTHERS else len(wishes)
        held_in = -1 if held is None else self._number[self._frozen.programmes[held].turn]
        found, unknown = [], []
        for at, wish in enumerate(wishes):
            interim = bool(self._frozen.programmes[wish].interim)
            turn = self._number[self._frozen.programmes[wish].turn]
            goes_on = place is not None and place.interim and not interim
            if turn < held_in or (turn == reached and at >= granted) or (turn > reached and not goes_on):
                continue
            if interim and held is None and turn < reached < len(self._frozen.passes) and not self._right[name].interim:
                unknown.append(wish)  # a place that was left for another is not on record
            elif not (interim and held):
                found.append((wish, at + 1))
        return found, unknown

    def _envy(self) -> None:
        """P7 and P8: nobody who asked in vain would be taken, had only those placed asked besides."""
        wanted: dict[str, dict[int, int]] = {name: {} for name in self._frozen.programmes}
        torn: set[str] = set()  # programmes of which it cannot be told who asked them
        for name in self._frozen.applicants:
            if name not in self._result.places:
                continue
            asked, unknown = self._asks(name)
            torn.update(unknown)
            for wish, number in asked:
                if name in self._bundled:
                    torn.add(wish)
                else:
                    wanted[wish][self._frozen.programmes[wish].position[name]] = number
        for wish, asking in wanted.items():
            programme = self._frozen.programmes[wish]
            if asking and wish in self._taken and not (programme.ties == "underfill" and wish in torn):
                self._blocked(programme, asking)

    def _blocked(self, programme: Programme, asking: Mapping[int, int]) -> None:
        """Name those whom a programme would take, together with those it has."""
        seats, placed = self._market[programme.name], self._placed[programme.name]
        taken = seated(programme, seats, sorted({*placed, *asking}))
        out = [position for position in placed if position not in taken.seats]
        free = seats - len(placed) - self._taken[programme.name].kept
        for position in out if programme.ties == "underfill" else ():
            name = programme.order[position - 1]
            told = f"application {short(name)} is placed at {short(programme.name)}"
            self._say(self._right[name].line, "P4", f"{told}: with all who asked, its tier or one before does not fit")
        for position, number in asking.items():
            if position not in taken.seats:
                continue
            name = programme.order[position - 1]
            told = f"application {short(name)} asked in vain for wish {number}, {short(programme.name)}"
            behind = next((each for each in reversed(out) if each > position or programme.reserves), 0)
            if behind and free <= 0:
                other = programme.order[behind - 1]
                why = f"it is at position {position}, and {short(other)} at {behind} has a seat it comes first for"
                self._say(self._result.places[name].line, "P8", f"{told}: {why}")
            else:
                self._say(self._result.places[name].line, "P7", f"{told}: a seat there is empty, and it may take it")

    def _envy_of_others(self) -> None:
        """P7 and P8 of the extra pass."""
        wanted: dict[str, set[str]] = {name: set() for name in self._frozen.programmes}
        for name, applicant in self._frozen.applicants.items():
            place = self._result.places.get(name)
            if place is not None and (not place.programme or place.turn == OTHERS):
                for other in applicant.others:
                    if other == place.programme:
                        break
                    wanted[other].add(name)
        for name, asking in wanted.items():
            if asking and name in self._taken:
                self._blocked_others(self._frozen.programmes[name], asking)

    def _blocked_others(self, programme: Programme, asking: set[str]) -> None:
        offered = set(self._offered[programme.name])
        taken = self._taken[programme.name]
        free = self._result.cutoffs[programme.name].seats - len(self._placed[programme.name]) - taken.kept
        best = [name for name in programme.others if name in offered or name in asking][: max(0, free)]
        for name in best:
            if name in asking:
                told = f"application {short(name)} would rather be offered {short(programme.name)}"
                which = "P7" if len(offered) < free else "P8"
                why = "a seat there is empty" if which == "P7" else "somebody behind it was placed there"
                self._say(self._result.places[name].line, which, f"{told}: {why}")
