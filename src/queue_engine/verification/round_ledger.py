"""What was frozen, looked at by itself: references, seats, bundles, flows, holders (§9.2, level V5)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from .encoding import canonical
from .findings import short
from .round_model import FREEZE, GENERAL, HELD, OTHERS, RESULT, Folder, Frozen, Programme, Result


def list_root(names: Iterable[str]) -> str:
    """Return the root of the Merkle tree of RFC 9162 over names as canonical texts, sorted by their bytes.

    >>> list_root(["a-2", "a-1"]) == list_root(["a-1", "a-2"]), list_root([])[:16]
    (True, 'e3b0c44298fc1c14')
    """

    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return hashlib.sha256(b"\x00" + leaves[0]).digest()
        left = 1 << (len(leaves) - 1).bit_length() - 1  # the greatest power of two that is less than all
        return hashlib.sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:])).digest()

    leaves = sorted(map(canonical, names))
    return (root(leaves) if leaves else hashlib.sha256().digest()).hex()


def check_digests(folder: Folder, frozen: Frozen, published: str | None) -> None:
    """Compare the root of the list, and the digest that was published elsewhere."""
    root = list_root(frozen.applicants)
    if root != frozen.header["list"]:
        told = f"list is {frozen.header['list']}; of these {len(frozen.applicants)} applications it has to be {root}"
        folder.say("V5", FREEZE, 1, "§9.2", told)
    if published is not None and published != frozen.digest:
        told = f"the digest is {frozen.digest}; the one published is {published}: this is not what was frozen"
        folder.say("V5", FREEZE, 0, "§9.1", told)


def check_heads(folder: Folder, frozen: Frozen, result: Result) -> None:
    """Compare the head of the result with what was frozen."""
    for name, found, expected in (
        ("freeze", result.header.get("freeze"), frozen.digest),
        ("round", result.header.get("round"), frozen.header["round"]),
    ):
        if result.header and found != expected:
            told = f"{name} is {short(found)}; with this {FREEZE} it has to be {short(expected)}"
            folder.say("V5", RESULT, 1, "§9.7", told)


def check_frozen(folder: Folder, frozen: Frozen) -> bool:
    """Report what in a frozen round does not agree, and say whether the rest can be computed with it."""
    check = _Check(folder, frozen)
    for programme in frozen.programmes.values():
        check.names(programme)
        check.ledger(programme)
        check.groups(programme)
    check.circles()
    check.wishes()
    check.bundles()
    for programme in frozen.programmes.values():
        check.holders(programme)
    return check.usable


class _Check:
    """The checks of a frozen round, and whether what they found leaves it without a meaning."""

    def __init__(self, folder: Folder, frozen: Frozen) -> None:
        self._folder = folder
        self._frozen = frozen
        self._turn = {name: number for number, name in enumerate(frozen.passes)}
        self._bundle: dict[str, int] = {}
        self.usable = True

    def _say(self, line: int, message: str, *, hard: bool = False) -> None:
        self._folder.say("V5", FREEZE, line, "§9.2", message)
        self.usable = self.usable and not hard

    def _known(
        self, line: int, where: str, names: Collection[str], known: Mapping[str, object], *, hard: bool = True
    ) -> None:
        """Report names that are not known, or not once there."""
        if len(set(names)) < len(names):
            seen: set[str] = set()
            twice = next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
            self._say(line, f"{where} has {short(twice)} more than once", hard=hard)
        for name in names:
            if name not in known:
                self._say(line, f"{where} has {short(name)}, which has no line; it has to have one", hard=hard)

    def names(self, programme: Programme) -> None:
        """Check whom and what a programme names."""
        here, applicants = f"programme {short(programme.name)}", self._frozen.applicants
        if programme.turn not in self._turn:
            told = f"{here}: pass is {short(programme.turn)}; it has to be one of passes"
            self._say(programme.line, told, hard=True)
        self._known(programme.line, f"{here}: order", programme.order, applicants)
        self._known(programme.line, f"{here}: others", programme.others, applicants)
        self._known(programme.line, f"{here}: holders", programme.holders, applicants)
        for said in programme.said.get("reserves", ()):
            self._known(programme.line, f"{here}: entitled of {short(said['reserve'])}", said["entitled"], applicants)
        target = self._frozen.programmes.get(programme.flows_to)
        if programme.flows_to and target is None:
            self._say(programme.line, f"{here}: flows_to {short(programme.flows_to)} is no programme", hard=True)
        elif target and self._turn.get(target.turn, -1) < self._turn.get(programme.turn, -1):
            told = f"{here}: flows_to {short(target.name)}, which is of the earlier pass {short(target.turn)}"
            self._say(programme.line, told, hard=True)

    def ledger(self, programme: Programme) -> None:
        """Check where the seats of a programme come from."""
        here = f"programme {short(programme.name)}"
        if programme.seats + programme.withheld != programme.declared:
            told = f"{here}: declared is {programme.declared}, withheld {programme.withheld}, seats {programme.seats}"
            self._say(programme.line, f"{told}; seats have to be {programme.declared - programme.withheld}")
        if programme.norm is not None and programme.norm < programme.declared:
            told = f"{here}: declared is {programme.declared}; the norm is {programme.norm}"
            self._say(programme.line, f"{told}, and may not be passed")
        if programme.withheld and not programme.ground.strip():
            self._say(programme.line, f"{here}: {programme.withheld} seats are withheld; there has to be a ground")

    def groups(self, programme: Programme) -> None:
        """Check the reserves and the tiers of a programme."""
        here = f"programme {short(programme.name)}"
        reserves = [reserve.name for reserve in programme.reserves]
        taken = {name for name in reserves if reserves.count(name) > 1} | ({GENERAL, HELD, OTHERS} & {*reserves})
        for name in sorted(taken):
            self._say(programme.line, f"{here}: reserve {short(name)} has to have a name of its own", hard=True)
        if bool(programme.ties) != ("tiers" in programme.said):
            self._say(programme.line, f"{here}: ties and tiers have to be given together", hard=True)
        if programme.ties and programme.reserves:
            self._say(programme.line, f"{here}: a programme with ties has no reserves", hard=True)
        start = 0
        for number, tier in enumerate(programme.tiers, 1):
            if set(tier) != set(programme.order[start : start + len(tier)]):
                told = f"{here}: tier {number} has to be those at {start + 1} to {start + len(tier)} of order"
                self._say(programme.line, told, hard=True)
            start += len(tier)
        if programme.ties and start != len(programme.order):
            told = f"{here}: the tiers have {start} applications; they have to have the {len(programme.order)} of order"
            self._say(programme.line, told, hard=True)

    def circles(self) -> None:
        """Check that no seat can come back to where it was."""
        done: set[str] = set()
        for name in self._frozen.programmes:
            way: list[str] = []
            while name and name not in done and name in self._frozen.programmes:
                if name in way:
                    line = self._frozen.programmes[name].line
                    told = " to ".join(map(short, [*way[way.index(name) :], name]))
                    self._say(line, f"programme {short(name)}: flows_to leads in a circle, {told}", hard=True)
                    break
                way.append(name)
                name = self._frozen.programmes[name].flows_to  # noqa: PLW2901 - the next on the way
            done.update(way)

    def wishes(self) -> None:
        """Check that wishes and further programmes are accepted ones."""
        programmes = self._frozen.programmes
        offered = {name: set(programme.others) for name, programme in programmes.items()}
        for name, applicant in self._frozen.applicants.items():
            here = f"application {short(name)}"
            self._known(applicant.line, f"{here}: wishes", applicant.wishes, programmes)
            for wish in applicant.wishes:
                if wish in programmes and name not in programmes[wish].position:
                    told = f"{here}: wishes {short(wish)}, whose order does not have it; it has to"
                    self._say(applicant.line, told, hard=True)
            if not applicant.others:
                continue
            self._known(applicant.line, f"{here}: others", applicant.others, programmes)
            for other in applicant.others:
                if other in applicant.wishes:
                    self._say(applicant.line, f"{here}: {short(other)} is a wish, and may not be in others")
                elif other in programmes and name not in offered[other]:
                    told = f"{here}: others have {short(other)}, whose others do not have it; they have to"
                    self._say(applicant.line, told, hard=True)
                elif other in programmes and programmes[other].interim:
                    self._say(applicant.line, f"{here}: others have {short(other)}, which is interim; it may not be")

    def bundles(self) -> None:
        """Check who comes together, and that no order parts them."""
        for number, bundle in enumerate(self._frozen.bundles):
            members, here = bundle.members, f"members {short(bundle.members)}"
            self._known(bundle.line, here, members, self._frozen.applicants)
            if len(members) < 2:  # noqa: PLR2004 - together needs another
                self._say(bundle.line, f"{here}: there have to be two or more")
            for name in members:
                if self._bundle.setdefault(name, number) != number:
                    told = f"{here}: {short(name)} is in the bundle of line {self._line_of(name)}; one is allowed"
                    self._say(bundle.line, told, hard=True)
            counts = [len(self._frozen.applicants[name].wishes) for name in members if name in self._frozen.applicants]
            if len(set(counts)) > 1:
                self._say(bundle.line, f"{here}: they have {short(counts)} wishes; they have to have equally many")
        for programme in self._frozen.programmes.values():
            self._parted(programme)

    def _line_of(self, name: str) -> int:
        return self._frozen.bundles[self._bundle[name]].line

    def _parted(self, programme: Programme) -> None:
        """Check that the members of a bundle who are in an order stand there side by side, holders aside."""
        holders, last = set(programme.holders), -1
        ended: set[int] = set()
        for name in programme.order:
            number = -1 if name in holders else self._bundle.get(name, -1)
            if number != last and last >= 0:
                ended.add(last)
            if number in ended:
                told = f"programme {short(programme.name)}: order parts {short(name)} from its bundle"
                self._say(programme.line, f"{told} of line {self._frozen.bundles[number].line}; it may not")
            last = number

    def holders(self, programme: Programme) -> None:
        """Check who may come back to a seat held."""
        here, count = f"programme {short(programme.name)}", len(programme.holders)
        if count > programme.seats:
            told = f"{here}: {count} hold a seat, and there are {programme.seats}; there have to be as many"
            self._say(programme.line, told)
        if set(programme.order[:count]) != set(programme.holders):
            self._say(programme.line, f"{here}: the first {count} of order have to be the holders")
        if programme.interim and count:
            self._say(programme.line, f"{here}: an interim programme has holders; it may not have any")
        for name in programme.holders:
            applicant = self._frozen.applicants.get(name)
            if applicant is None:
                continue
            if self._frozen.held[name] != programme.name:
                told = f"{here}: holder {short(name)} holds {short(self._frozen.held[name])} too; it may hold one"
                self._say(programme.line, told)
            if programme.name not in applicant.wishes:
                self._say(programme.line, f"{here}: holder {short(name)} has to have it among the wishes")
                continue
            for wish in applicant.wishes[: applicant.wishes.index(programme.name)]:
                if wish in self._frozen.programmes and self._frozen.programmes[wish].turn != programme.turn:
                    told = f"{here}: holder {short(name)} rather has {short(wish)}, which is of another pass"
                    self._say(programme.line, told + "; it has to be of the same")
