"""Changes of a place as families and officers read them, in Russian and in English."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.queue_engine.changed_places import DAY, RULES, SHARED, account, at, leading_number, told

from queue_engine import change_wording, happenings, load_rules, wording
from queue_engine.catalogue import translations
from queue_engine.change_wording import KIND_NAMES, MOST_LINES, PARTS, change_for_officer, change_for_parent
from queue_engine.changes import KINDS, PLACE, MassEffect, PositionChange, Posting, labels
from queue_engine.events import (
    DUE_REASONS,
    Closed,
    DayAdvanced,
    DocumentConfirmed,
    DocumentRefuted,
    Due,
    Event,
    Filed,
    Restored,
    RulesPublished,
    Wish,
)
from queue_engine.facts import parse_date
from queue_engine.happenings import CONCERNED_ALL, HAPPENED
from queue_engine.wording import Voice

RIGHT = RULES.steps["right"]
SENSITIVE = {ground.id: ground.title for _, ground in RIGHT.grounds() if ground.sensitive}
SIGNS = {"left": -1, "joined": 1, "up": 1, "down": -1}
NAMES = st.sampled_from([*labels(RULES), ("repealed", "gone")])


@st.composite
def postings(draw: st.DrawFn) -> Posting:
    """Draw a posting whose sign fits its kind."""
    kind = draw(st.sampled_from(KINDS))
    sign = SIGNS.get(kind) or draw(st.sampled_from([-1, 1]))
    ground = draw(st.sampled_from(["", "large_family", "judge_child", *SENSITIVE]))
    return Posting(kind, *draw(NAMES), sign * draw(st.integers(1, 9)), draw(st.integers(0, 4)), ground)


OWN_EVENTS: tuple[Event, ...] = (
    Due("17", DUE_REASONS, at=DAY, actor="system"),
    DocumentConfirmed("17", "d", at=DAY, actor="officer"),
    DocumentRefuted("17", "d", "void", at=DAY, actor="officer"),
    Restored("17", at=DAY, actor="parent"),
    Closed("17", "enrolled elsewhere", at=DAY, actor="officer"),
)
events_drawn = st.dictionaries(st.integers(1, 4), st.sampled_from(OWN_EVENTS))


def test_the_worked_example_of_the_design() -> None:
    """Two left, three with a right and two earlier ones joined, one overtook: 30 became 34."""
    change = account(
        Posting("left", "submitted", "", -2),
        Posting("joined", "right", "first_turn", 3),
        Posting("joined", "submitted", "", 2),
        Posting("up", "right", "first_turn", 1),
    )
    assert told(change) == [
        "Было 30-е место, стало 34-е: на 4 места дальше.",
        "+ 3: 3 заявления встали в очередь впереди вашего — «Первоочередное право».",
        "− 2: 2 заявления, стоявшие впереди вашего, больше не в этой очереди.",
        "+ 2: 2 заявления встали в очередь впереди вашего — «заявление подано раньше».",
        "+ 1: 1 заявление теперь впереди вашего — «Первоочередное право».",
    ]
    assert told(change, "en") == [
        "Your place was 30, now it is 34: 4 places further back.",
        "+ 3: 3 applications joined the queue ahead of yours — “Right of first turn”.",
        "− 2: 2 applications ahead of yours are no longer in this queue.",
        "+ 2: 2 applications joined the queue ahead of yours — “the application was made earlier”.",
        "+ 1: 1 application is now ahead of yours — “Right of first turn”.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "ru", "en"),
    [
        (30, 31, "Было 30-е место, стало 31-е: на 1 место дальше.", "1 place further back."),
        (30, 52, "Было 30-е место, стало 52-е: на 22 места дальше.", "22 places further back."),
        (30, 25, "Было 30-е место, стало 25-е: на 5 мест ближе.", "5 places further forward."),
        (30, 29, "Было 30-е место, стало 29-е: на 1 место ближе.", "1 place further forward."),
        (30, 30, "Место не изменилось: 30-е.", "Your place has not changed: 30."),
        (0, 7, "Заявление теперь в очереди: 7-е место.", "Your application is in the queue now: place 7."),
        (7, 0, "Заявления больше нет в этой очереди; было 7-е место.", "no longer in this queue; its place was 7."),
        (0, 0, "Заявления нет в этой очереди.", "Your application is not in this queue."),
    ],
)
def test_the_head_says_what_became_of_the_place(before: int, after: int, ru: str, en: str) -> None:
    """Worse is told as worse, and who came or went as such."""
    change = account(Posting("rules", *PLACE, after - before), before=before)
    assert told(change)[0] == ru
    assert told(change, "en")[0].endswith(en)


def test_the_period_is_said_when_it_is_given() -> None:
    """From the first to the last day."""
    days = (parse_date("2026-04-01"), parse_date("2026-04-15"))
    (line,) = change_for_parent(PositionChange("p", "17", 3, 3, ()), RULES, SHARED, "ru", days=days)
    assert line == "Изменения с 1 апреля 2026\xa0г. по 15 апреля 2026\xa0г. Место не изменилось: 3-е."


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("count", [1, 2, 5, 11, 21, 22, 111])
def test_every_kind_has_its_plural_forms(count: int, lang: str) -> None:
    """The noun of each line agrees with its number."""
    form = 0 if count in (1, 21) else 1 if count in (2, 22) else 2
    russian = ["заявление", "заявления", "заявлений"], ["место", "места", "мест"]
    english = ["application", *["applications"] * 2], ["place", *["places"] * 2]
    nouns = [words[form if lang == "ru" else min(count - 1, 1)] for words in (russian if lang == "ru" else english)]
    for kind in PARTS:
        line = Voice(lang).plural(*PARTS[kind], count, title="–", basis="")
        assert any(f"{count} {noun}" in line for noun in nouns), line
    for kind, sign in {**SIGNS, "exception": -1, "rules": 1}.items():
        line = told(account(Posting(kind, "submitted", "", sign * count), before=500), lang)[1]
        assert leading_number(line) == sign * count
        assert any(re.search(rf" {count} {noun}\b", line) for noun in nouns)


@pytest.mark.parametrize(
    ("kind", "count", "ru", "en"),
    [
        ("left", -1, "1 заявление, стоявшее впереди", "1 application ahead of yours is no longer"),
        ("joined", 1, "1 заявление встало в очередь впереди", "1 application joined the queue ahead"),
        ("up", 2, "2 заявления теперь впереди", "2 applications are now ahead"),
        ("down", -5, "5 заявлений теперь позади", "5 applications are now behind"),
        ("rules", 2, "и впереди на 2 заявления больше", "2 applications more are ahead"),
        ("rules", -5, "и впереди на 5 заявлений меньше", "5 applications fewer are ahead"),
        ("exception", 1, "1 место — решение вне общего порядка", "1 place — a decision outside the order"),
    ],
)
def test_every_kind_is_told_in_words(kind: str, count: int, ru: str, en: str) -> None:
    """In both languages."""
    change = account(Posting(kind, "submitted", "", count))
    assert ru in told(change)[1]
    assert en in told(change, "en")[1]


@given(st.lists(postings(), max_size=14), events_drawn, st.sets(st.integers(1, 4)), st.integers(1, 10))
def test_lines_are_few_and_their_numbers_sum_to_the_change(
    parts: list[Posting], events: dict[int, Event], mass: set[int], smallest: int
) -> None:
    """Whatever is merged to fit; the own part comes first, then the largest."""
    nets = {entry: sum(part.count for part in parts if part.entry == entry) for entry in sorted(mass)}
    named = {part.entry for part in parts}
    effects = [MassEffect(entry, 90, 90 + net, 6, 3) for entry, net in nets.items() if entry in named]
    change = account(*parts, before=200, mass=tuple(effects))
    lines = told(change, "ru", events, smallest)
    counts = [leading_number(line) for line in lines[1:]]
    assert len(lines) <= MOST_LINES
    assert sum(counts) == change.after - change.before
    others = counts[any(part.kind == "own" for part in parts) :]
    assert others == sorted(others, key=lambda count: -abs(count))


@given(st.lists(postings(), max_size=10), events_drawn, st.integers(1, 10), st.sampled_from(["ru", "en"]))
def test_a_sensitive_ground_is_never_named(
    parts: list[Posting], events: dict[int, Event], smallest: int, lang: str
) -> None:
    """Neither another child's nor the family's own: a letter may lie open on a table."""
    text = "\n".join(told(account(*parts, before=200), lang, events, smallest))
    assert [name for name, title in SENSITIVE.items() if title.in_language(lang) in text or name in text] == []


def test_what_is_few_does_not_reach_the_family() -> None:
    """Exchanging grounds, groups below K, entries and their events of two other children changes no word."""
    filed = [Filed(name, 8, 5, {}, (Wish("p"),), at=DAY, actor="mfc") for name in ("8831", "8832")]
    shared = {**SHARED, ("right", "first_turn"): 3}
    pair = (
        Posting("joined", "right", "out_of_turn", 1, 7, "judge_child"),
        Posting("joined", "right", "first_turn", 1, 8, "disabled_child"),
    )
    exchanged = (
        Posting("joined", "right", "first_turn", 1, 7, "large_family"),
        Posting("joined", "right", "first_turn", 1, 8, "police_child"),
    )
    texts = [
        change_for_parent(account(*parts), RULES, shared, "ru", events=dict(zip(entries, filed, strict=True)))
        for parts, entries in ((pair, (7, 8)), (exchanged, (8, 7)))
    ]
    assert texts[0] == texts[1]
    assert "883" not in "".join(texts[0])


def test_a_shift_of_hundreds_on_1_september_is_explained() -> None:
    """The day, what happened to everybody, the net, and who passed whom; other changes follow."""
    change = account(
        Posting("rules", "territory", "yes", 140, 3),
        Posting("rules", "submitted", "", 110, 3),
        Posting("left", "submitted", "", -6, 4),
        before=120,
        mass=(MassEffect(3, 120, 370, 260, 10),),
    )
    events = {3: DayAdvanced(parse_date("2026-09-01"), at=at("2026-09-01 00:00:00"), actor="system")}
    assert told(change, events=events) == [
        "Было 120-е место, стало 364-е: на 244 места дальше.",
        (
            "+ 250: 1 сентября 2026\xa0г. начался учебный год: возраст и сроки пересчитаны для всех. Было 120-е место, "
            "стало 370-е: на 250 мест дальше. Стало впереди вашего: 260 заявлений. Стало позади вашего: 10 заявлений."
        ),
        "− 6: 6 заявлений, стоявших впереди вашего, больше не в этой очереди.",
    ]


def test_120_became_250_after_lists_were_merged() -> None:
    """Rules published anew, and those of the other list who stand ahead."""
    change = account(Posting("rules", "submitted", "", 130, 3), before=120, mass=(MassEffect(3, 120, 250, 130, 0),))
    events = {3: RulesPublished("0" * 64, at=DAY, actor="ministry")}
    assert told(change, "en", events)[1] == (
        f"+ 130: On 5 May 2026 the rules “Kindergarten queue”{Voice('en').bases(RULES.basis)} came into force. "
        "Your place was 120, now it is 250: 130 places further back. 130 applications overtook yours."
    )
    joined = account(Posting("joined", "submitted", "", 130), before=120)
    assert told(joined)[1] == "+ 130: 130 заявлений встало в очередь впереди вашего — «заявление подано раньше»."


@pytest.mark.parametrize(("overtakers", "overtaken"), [(9, 2), (4, 12), (0, 4), (3, 0)])
def test_few_who_passed_are_told_only_in_the_net(overtakers: int, overtaken: int) -> None:
    """One number and the net would tell the other."""
    net = overtakers - overtaken
    change = account(
        Posting("rules", "submitted", "", net, 3), mass=(MassEffect(3, 30, 30 + net, overtakers, overtaken),)
    )
    text = "\n".join(told(change, "en"))
    assert "overtook" not in text
    assert "overtook" in "\n".join(told(change, "en", smallest=2))


def test_an_effect_that_postings_do_not_name_is_a_remark() -> None:
    """Without a number of its own, so that the numbers still sum; one that moved nobody is not told."""
    mass = (MassEffect(3, 30, 90, 60, 0), MassEffect(4, 90, 90, 0, 0))
    lines = told(account(Posting("rules", "submitted", "", 60), mass=mass), "en")
    assert [line.partition(":")[0] for line in lines[1:2]] == ["+ 60"]
    assert lines[2:] == [
        (
            "Something changed for everybody in the queue. Your place was 30, now it is 90: 60 places further back. "
            "60 applications overtook yours."
        ),
    ]


def test_an_officer_reads_every_posting_with_a_running_sum() -> None:
    """Entry, local time, kind, application, step, group, ground with its acts, and the closing check."""
    change = account(
        Posting("joined", "right", "first_turn", 1, 7, "large_family"),
        Posting("left", "submitted", "", -1, 8),
        Posting("own", *PLACE, 3),
        Posting("up", "territory", "yes", 1, 9),
        Posting("rules", "repealed", "gone", -2, 9, "lost"),
    )
    events: dict[int, Event] = {
        7: Filed("8831", 8, 5, {}, (Wish("p"),), at=at("2026-04-14 09:12:03"), actor="mfc"),
        9: DayAdvanced(20_000, at=at("2026-04-15 00:00:00"), actor="system"),
    }
    assert change_for_officer(change, RULES, "ru", events=events) == [
        (
            "№ 7  14.04.2026 09:12:03  встало в очередь  заявление 8831  right  «право на место»: Первоочередное право "
            "— Дети из многодетных семей (Указ Президента РФ от 23.01.2024 № 63)  +1 = +1"
        ),
        "№ 8  –  ушло из очереди  –  submitted  «заявление подано раньше»  −1 = 0",
        "–  –  само заявление  –  само место  +3 = +3",
        (
            "№ 9  15.04.2026 00:00:00  прошло вперёд  –  territory  «адрес на закреплённой территории»: да "
            "(273-ФЗ, ч. 3 ст. 67)  +1 = +4"
        ),
        "№ 9  15.04.2026 00:00:00  правила  –  repealed: gone: lost  −2 = +2",
        "30 → 32: Δ = +2, сумма = Δ ✓",
    ]
    english = change_for_officer(change, RULES, "en", events=events)
    assert english[0].startswith("№ 7  2026-04-14 09:12:03  joined  application 8831  right  “right to a place”: ")
    assert english[-1] == "30 → 32: Δ = +2, sum = Δ ✓"


def test_an_officer_reads_of_a_reserve_by_its_title() -> None:
    """A reserve may stand in place of a step; a camp has one."""
    camp = load_rules("rules/region-74/camp.yaml")
    (line, _) = change_for_officer(account(Posting("up", "hard_situation_seats", "", 1)), camp, "ru")
    assert "hard_situation_seats  «30 % мест — детям в трудной жизненной ситуации» (124-ФЗ, ст. 12)  +1 = +1" in line


def _texts() -> set[str]:
    """Return every English text the modules say, from their calls and their tables."""
    found = {*HAPPENED.values(), *CONCERNED_ALL.values(), *KIND_NAMES.values(), *(one for one, _ in PARTS.values())}
    for module in (change_wording, happenings, wording):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found


@pytest.mark.parametrize("text", sorted(_texts()))
def test_every_text_has_its_russian(text: str) -> None:
    """A text without translation would come out in English, one without its parts would lose them."""
    russian = translations("ru")
    said = russian.gettext(text) if russian.gettext(text) != text else russian.ngettext(text, text, 5)
    assert said != text
    assert set(re.findall(r"{(\w+)", said)) == set(re.findall(r"{(\w+)", text))


@given(st.lists(postings(), max_size=10), events_drawn, st.integers(1, 10))
def test_no_english_is_left_in_what_a_russian_family_reads(
    parts: list[Posting], events: dict[int, Event], smallest: int
) -> None:
    """Texts of every kind and number are translated, and no id slips through."""
    assert re.findall(r"[A-Za-z]+", "\n".join(told(account(*parts, before=200), "ru", events, smallest))) == []
