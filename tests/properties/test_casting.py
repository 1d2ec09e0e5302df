"""What is compiled for a moment says of every application what the plain definition says, however odd its facts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from queue_engine.casting import Casting
from queue_engine.errors import Place
from queue_engine.events import Wish
from queue_engine.events.statuses import Status
from queue_engine.facts import Per, Vocabulary, day_to_date
from queue_engine.placing import Moment, knowing, whom_taken, with_days
from queue_engine.replay import Folding
from queue_engine.rules.conditions import dates_of, with_dates
from queue_engine.rules.days import known_days, rules_on
from queue_engine.rules.functions import Functions
from queue_engine.rules.model import Conventions
from queue_engine.rules.one_by_one import Paper, Record, holds
from queue_engine.rules.written import condition_text
from queue_engine.state import Application, Document, Programme
from queue_engine.tables.assembly import OPEN_END, SINCE_EVER
from queue_engine.testing.drawing import DAYS
from queue_engine.testing.histories import histories, values_of
from queue_engine.testing.strategies import conditions, rule_sets, vocabularies

ON = DAYS[1]
CONVENTIONS = st.builds(
    Conventions,
    age_reached=st.sampled_from(["on_birthday", "day_after"]),
    born_29_feb=st.sampled_from(["feb_28", "mar_1"]),
)


@st.composite
def facts(draw: st.DrawFn, vocabulary: Vocabulary) -> dict[str, int | str]:
    """Draw what is stated of something: facts of any kind, in their right place or not, and values that are none."""
    found: dict[str, int | str] = {}
    for fact in vocabulary.facts.values():
        if fact.name != "application.submitted_at" and draw(st.booleans()):
            found[fact.name] = draw(st.sampled_from([*values_of(fact), "odd", 1]))
    return found


@st.composite
def documents(draw: st.DrawFn, vocabulary: Vocabulary) -> tuple[Document, ...]:
    """Draw a few documents."""
    days, category = st.none() | st.sampled_from(DAYS), st.sampled_from([*vocabulary.categories, "unheard_of"])
    state = st.sampled_from(["waits", "confirmed", "confirmed", "refuted"])
    each = st.builds(Document, id=st.just("d"), category=category, state=state, first=days, last=days)
    return tuple(draw(st.lists(each, max_size=3)))


def confirmed(papers: Sequence[Document]) -> tuple[Paper, ...]:
    """Return the confirmed documents as the plain evaluator takes them."""
    return tuple(
        Paper(
            each.category,
            SINCE_EVER if each.first is None else each.first,
            OPEN_END if each.last is None else each.last,
        )
        for each in papers
        if each.state == "confirmed"
    )


@st.composite
def programmes(draw: st.DrawFn, vocabulary: Vocabulary) -> list[Programme]:
    """Draw programmes of two organisations."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        takes = draw(st.none() | conditions(vocabulary, (), (Per.APPLICATION, Per.ENTRY)))
        text = "" if takes is None else condition_text(takes, vocabulary.facts)
        stated = draw(st.just({}) | facts(vocabulary))
        organisation = draw(st.sampled_from(["north", "south"]))
        found.append(Programme(f"p{number}", organisation, "", "", text, stated, None, is_open=True))
    return found


@st.composite
def applications(draw: st.DrawFn, vocabulary: Vocabulary, targets: Sequence[tuple[str, str]]) -> Application:
    """Draw an application that wishes for some of the targets."""
    wished = draw(st.lists(st.sampled_from(targets), max_size=3, unique=True))
    wishes = [Wish(*target, facts=draw(st.just({}) | facts(vocabulary))) for target in wished]
    number, own = draw(st.integers(1, 9)), draw(facts(vocabulary))
    papers = draw(documents(vocabulary))
    return Application("1", "", number, ON * 86_400, Status.REGISTERED, 1, own, tuple(wishes), papers)


@given(st.data())
def test_a_compiled_condition_holds_where_it_holds_one_by_one(data: st.DataObject) -> None:
    """A function of a condition says what the plain evaluator says, asked for the first time or again."""
    vocabulary, conventions = data.draw(vocabularies()), data.draw(CONVENTIONS)
    drawn = data.draw(conditions(vocabulary, (), tuple(Per)))
    settled = with_dates(drawn, dict.fromkeys(dates_of(drawn), ON))
    functions = Functions(vocabulary, conventions)
    test = functions.test(settled)
    for _ in range(6):
        stated, papers = data.draw(facts(vocabulary)), confirmed(data.draw(documents(vocabulary)))
        memo = functions.memo((each.category, each.first, each.last) for each in papers)
        expected = holds(settled, Record(stated, papers), conventions)
        assert test(stated, memo) == expected
        assert test(stated, memo) == expected


@given(st.data())
def test_applications_are_cast_as_the_definition_places_them(data: st.DataObject) -> None:
    """Queues, keys, grounds and entitlements are those of `Moment.places_of`, in the same order."""
    vocabulary = data.draw(vocabularies())
    rules = data.draw(rule_sets(vocabulary, moving=data.draw(st.booleans())))
    offered = data.draw(programmes(vocabulary))
    dates = {name: day_to_date(data.draw(st.sampled_from(DAYS))) for name in vocabulary.dates}
    on = day_to_date(ON)
    takes = with_days(whom_taken(offered, vocabulary, Place("drawn")), known_days(rules, on, dates), rules)
    moment = Moment(rules_on(rules, on, dates), takes)
    casting, know = Casting(moment, offered), knowing(offered, vocabulary)
    targets = [(each.id, "") for each in offered] + [("", "north"), ("", "south"), ("gone", "")]
    for _ in range(8):
        application = data.draw(applications(vocabulary, targets))
        expected = moment.places_of(know(application))
        assert list(casting.places_of(application).items()) == list(expected.items())


@given(st.data())
def test_a_folding_knows_of_an_application_what_the_application_says(data: st.DataObject) -> None:
    """The facts that are gathered for casting are those of the application as it stands."""
    journal = data.draw(histories(data.draw(vocabularies())))
    folding = Folding.start(journal.municipality)
    for entry, event in enumerate(journal, start=1):
        folding.fold(event, entry)
    found: Mapping[str, Mapping[str, int | str]] = {name: folding.known(name) for name in folding.people}
    assert found == {name: folding.application(name).known() for name in folding.people}
