"""The compiled rules at the few corners that drawn rules seldom meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import pytest

from queue_engine.casting import Casting
from queue_engine.events import Filed, Offered, OfferWithdrawn, ProgrammeOpened, Reviewed, Wish
from queue_engine.events.statuses import Status
from queue_engine.facts import Category, Fact, FactType, Per, Title, Unknown, Vocabulary
from queue_engine.placing import Moment, Placed, knowing
from queue_engine.replay import Folding
from queue_engine.rules.conditions import ALWAYS, Compare, Condition, Confirmed, Holds, Not
from queue_engine.rules.functions import Functions
from queue_engine.rules.model import Conventions, Ground, Group, Reserve, ReserveKind, RuleSet, Step, StepKind
from queue_engine.state import Application, Document, Programme

TITLE = Title("название", "title")
ON = 20_000
VOCABULARY = Vocabulary(
    {
        "application.number": Fact("application.number", FactType.NUMBER, TITLE, unique=True),
        "child.kind": Fact("child.kind", FactType.CHOICE, TITLE),
        "entry.near": Fact("entry.near", FactType.YES_NO, TITLE, per=Per.ENTRY),
        "entry.score": Fact("entry.score", FactType.NUMBER, TITLE, per=Per.ENTRY, unknown=Unknown.REFUSE),
    },
    {"orphan": Category("orphan", TITLE)},
    {},
)
NUMBER = Step("number", TITLE, StepKind.LOWEST, fact="application.number")


def ground(name: str, when: Condition) -> Ground:
    """Return a ground."""
    return Ground(name, TITLE, when)


def places(
    steps: Sequence[Step],
    wishes: Sequence[Wish],
    takes: Condition = ALWAYS,
    papers: Sequence[Document] = (),
    *,
    stated: Mapping[str, int | str] | None = None,
    **more: Any,
) -> dict[str, Placed]:
    """Return the places of an application, one programme "p" of "north" being open, after comparing the definition."""
    rules = RuleSet("r", "region", TITLE, VOCABULARY, order=(*steps, NUMBER), **more)
    programmes = [Programme("p", "north", "", "", "", stated or {}, None, is_open=True)]
    moment = Moment(rules, {"p": takes})
    application = Application("1", "", 1, 0, Status.REGISTERED, 1, {}, tuple(wishes), tuple(papers))
    found = Casting(moment, programmes).places_of(application)
    assert found == moment.places_of(knowing(programmes, VOCABULARY)(application))
    return found


def test_a_programme_that_refused_a_wish_of_its_own_is_not_reached_through_its_organisation() -> None:
    """The first wish that names a programme counts, even in vain."""
    far, near = Wish("p", facts={"entry.near": 0}), Wish("", "north", {"entry.near": 1})
    assert list(places((), (far, near), Holds("entry.near"))) == ["general"]
    assert list(places((), (near, far), Holds("entry.near"))) == ["general", "p"]
    kind, cared = ground("kind", Compare("child.kind", "==", "care")), Wish("", "north", {"child.kind": "care"})
    assert list(places((), (cared,), eligible=(kind,))) == ["p"]
    assert list(places((), (Wish("p"), cared), eligible=(kind,))) == []


def test_an_entry_without_a_fact_it_needs_is_in_no_queue_of_a_programme() -> None:
    """The general queue asks for nothing of an organisation."""
    score = Step("score", TITLE, StepKind.HIGHEST, fact="entry.score")
    assert list(places((score,), (Wish("p"),))) == ["general"]
    found = places((score,), (Wish("p", facts={"entry.score": 5}),))
    assert found["p"].key == ((0, -5), (0, 1))
    assert found["general"].key == ((1, 0), (0, 1))


def test_nobody_stands_behind_the_group_of_everyone_else() -> None:
    """A ground of a later group is told, and the group is the one that has everybody."""
    everyone = Group("all", TITLE, everyone_else=True)
    later = Group("later", TITLE, (ground("far", Not(Holds("entry.near"))),))
    step = Step("right", TITLE, StepKind.GROUPS, groups=(everyone, later))
    found = places((step,), (Wish("p"),))["p"]
    assert (found.key[0], found.grounds[0]) == ((0, 0), "far")


def test_what_a_programme_says_of_applications_goes_before_what_they_say() -> None:
    """Whom the general queue refuses a programme may have, where its own facts make up for it."""
    kind = ground("kind", Compare("child.kind", "==", "care"))
    assert list(places((), (Wish("p"),), eligible=(kind,))) == []
    assert list(places((), (Wish("p"),), eligible=(kind,), stated={"child.kind": "care"})) == ["p"]


def test_queues_differ_by_who_is_entitled_there() -> None:
    """One key in two queues is not one place where a reserve is held in one of them only."""
    reserve = Reserve("r", TITLE, Holds("entry.near"), ReserveKind.ONE_IN, 2)
    found = places((), (Wish("p", facts={"entry.near": 1}),), reserves=(reserve,))
    assert found["general"].key == found["p"].key
    assert (found["general"].entitled, found["p"].entitled) == ((False,), (True,))


@pytest.mark.parametrize(("state", "code"), [("confirmed", 0), ("waits", 1), ("refuted", 1)])
def test_only_a_confirmed_document_gives_a_right(state: str, code: int) -> None:
    """One that waits, or was refuted, leaves the application where it is."""
    step = Step("right", TITLE, StepKind.YES_FIRST, condition=Confirmed("orphan", ON))
    assert places((step,), (), papers=[Document("d", "orphan", state)])["general"].key[0] == (0, code)


def test_what_is_read_at_an_organisation_is_asked_at_each() -> None:
    """A condition of two wishes is not remembered from the first."""
    step = Step("near", TITLE, StepKind.YES_FIRST, condition=Not(Not(Holds("entry.near"))))
    found = places((step,), (Wish("p", facts={"entry.near": 1}),))
    assert (found["general"].key[0], found["p"].key[0]) == ((0, 1), (0, 0))


@pytest.mark.parametrize("operator", ["==", "!="])
@pytest.mark.parametrize("known", [None, "health", "care", 1])
def test_texts_compare_as_texts(operator: str, known: str | int | None) -> None:
    """What is not known, or no text, is neither equal to a text nor unequal."""
    functions = Functions(VOCABULARY, Conventions())
    stated = {} if known is None else {"child.kind": known}
    expected = isinstance(known, str) and (known == "care") == (operator == "==")
    assert functions.test(Compare("child.kind", operator, "care"))(stated, functions.memo([])) is expected


def test_a_folding_knows_of_an_offer_that_was_withdrawn() -> None:
    """So that rules can put whoever lost an offered place ahead."""
    told: dict[str, Any] = {"at": ON * 86_400_000, "actor": "officer"}
    folding = Folding.start("75701000")
    events = (
        ProgrammeOpened("p", "north", **told),
        Filed("1", 1, 0, {}, [Wish("p")], **told),
        Reviewed("1", "registered", **told),
        Offered("1", "p", ON + 30, **told),
        OfferWithdrawn("1", "p", "repair", "act 9", **told),
    )
    for entry, event in enumerate(events, start=1):
        folding.fold(event, entry)
    assert folding.known("1") == folding.application("1").known()
    assert folding.known("1")["offer.withdrawn"] == 1


def test_a_date_that_is_not_filled_in_is_refused() -> None:
    """Compiling says so at once, and not where the first application is asked."""
    with pytest.raises(ValueError, match="not filled in"):
        Functions(VOCABULARY, Conventions()).test(attrs.evolve(Confirmed("orphan", ON), on="round_date"))
