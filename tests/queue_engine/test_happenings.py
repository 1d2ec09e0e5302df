"""What a family reads of the events of its own application, and of those that concerned everybody."""

from __future__ import annotations

import pytest
from tests.queue_engine.changed_places import DAY, account, at, leading_number, own, told

from queue_engine.changes import PLACE, MassEffect, Posting
from queue_engine.events import (
    DUE_REASONS,
    KINDS,
    CapacitySet,
    ContractPrepared,
    DataCorrected,
    DayAdvanced,
    Declined,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    Due,
    Event,
    InterimEnded,
    InterimPlaced,
    Lapsed,
    LotteryDrawn,
    Offered,
    Restored,
    RoundAnnulled,
    RoundFrozen,
    RoundPublished,
    RulesPublished,
    Source,
    TerritoryActChanged,
    WishesChanged,
)
from queue_engine.facts import parse_date
from queue_engine.happenings import HAPPENED


def test_the_own_document_is_named_with_its_last_day() -> None:
    """The day the officer saw, or the one it was handed in with."""
    last = parse_date("2027-04-14")
    confirmed = DocumentConfirmed("17", "d", last=last, at=DAY, actor="officer")
    assert own(confirmed, group="first_turn", ground="large_family") == (
        "+ 9: 5 мая 2026\xa0г. подтверждён ваш документ: «Дети из многодетных семей», действует по 14 апреля 2027\xa0г."
    )
    events = {
        3: DocumentAdded("17", "other", "large_family", last=last + 9, at=DAY, actor="parent"),
        4: DocumentAdded("17", "d", "large_family", last=last, at=DAY, actor="parent"),
        5: DocumentConfirmed("17", "d", at=DAY, actor="officer"),
    }
    lines = told(account(Posting("own", "right", "first_turn", -9, 5, "large_family")), "en", events)
    assert lines[1] == (
        "− 9: On 5 May 2026 your document was confirmed: “Children of large families”, valid until 14 April 2027."
    )


def test_a_document_that_ended_is_to_be_renewed() -> None:
    """The ground that was lost is named, a sensitive one as its group, and never the one that holds in its place."""
    ended = Due("17", ("document_ended",), at=DAY, actor="system")
    line = "+ 9: С 5 мая 2026\xa0г. ваш документ больше не действует: «{}»; продлите его: дата заявления сохранена."
    assert own(ended, ground="large_family") == line.format("Дети из многодетных семей")
    assert own(ended, ground="disabled_child") == line.format("Первоочередное право")
    assert own(ended, group="first_turn", ground="large_family") == line.format("право на место")
    assert own(ended) == line.format("право на место")
    assert own(ended, *PLACE) == line.replace(": «{}»", "")
    refuted = DocumentRefuted("17", "d", "a false paper", at=DAY, actor="officer")
    assert own(refuted, ground="large_family", lang="en") == (
        "+ 9: On 5 May 2026 your document was found not valid: “Children of large families”."
    )


@pytest.mark.parametrize(
    ("event", "ru", "en"),
    [
        (Due("17", ("age_reached",), at=DAY, actor="system"), "ребёнок достиг возраста", "reached an age"),
        (WishesChanged("17", (), at=DAY, actor="parent"), "изменены ваши пожелания", "your wishes were changed"),
        (DataCorrected("17", {}, "r", "d", at=DAY, actor="officer"), "исправлены данные", "were corrected"),
        (Offered("17", "p", 5, at=DAY, actor="commission"), "вам предложено место", "you were offered a place"),
        (Lapsed("17", "suspended", at=DAY, actor="system"), "истёк срок ответа; заявление отложено", "is set aside"),
        (Lapsed("17", "returned", at=DAY, actor="system"), "возвращено в очередь", "is back in the queue"),
        (RulesPublished("0" * 64, at=DAY, actor="ministry"), "вступили в силу правила", "came into force"),
        (
            InterimPlaced("17", "p", "temporary", parse_date("2026-08-31"), at=DAY, actor="commission"),
            "временное место по 31 августа 2026\xa0г.; ваше место в очереди сохраняется",
            "a temporary place, until 31 August 2026; your place in the queue is kept",
        ),
        (
            InterimPlaced("17", "p", "short_stay", at=DAY, actor="commission"),
            "место в группе кратковременного пребывания; ваше место в очереди сохраняется",
            "a place in a short-stay group; your place in the queue is kept",
        ),
        (InterimEnded("17", "p", at=DAY, actor="parent"), "кратковременное место освобождено", "was given up"),
        (RoundFrozen("may", 5, "0" * 64, 1, 1, at=DAY, actor="officer"), "зафиксированы", "were frozen"),
        (RoundPublished("may", "0" * 64, "0" * 64, at=DAY, actor="officer"), "опубликованы итоги", "were published"),
        (RoundAnnulled("may", "r", "b", at=DAY, actor="officer"), "комплектование отменено", "was annulled"),
        (
            LotteryDrawn("may", "0" * 64, "0" * 64, [Source("dice", "6")], at=DAY, actor="officer"),
            "проведена жеребьёвка",
            "lots were drawn",
        ),
    ],
)
def test_what_happened_to_the_application_is_said_with_its_day(event: Event, ru: str, en: str) -> None:
    """In the family's own terms."""
    assert own(event).startswith("+ 9: 5 мая 2026\xa0г. ")
    assert ru in own(event)
    assert en in own(event, lang="en")


def test_what_the_account_does_not_date_is_told_without_a_day() -> None:
    """Between two days the step is told, or only that the application came or went."""
    changed = account(Posting("own", "submitted", "", -20), Posting("own", "right", "first_turn", 3))
    assert told(changed)[1] == "− 17: Изменилось то, что учитывается у вашего заявления: «право на место»."
    joined = account(Posting("own", *PLACE, 1), Posting("own", "submitted", "", 6), before=0)
    assert told(joined) == ["Заявление теперь в очереди: 7-е место.", "+ 7: Ваше заявление встало в очередь."]
    left = account(Posting("own", *PLACE, -30))
    assert told(left, "en")[1] == "− 30: Your application left the queue."
    assert told(account(Posting("own", "gone", "", 2)), "en")[1] == "+ 2: What counts for your application changed."


def test_a_refusal_by_a_click_and_a_return_with_the_first_date_are_one_line() -> None:
    """The two cancel out but for those who came in between; both days are said."""
    events: dict[int, Event] = {
        5: Declined("17", "p", at=DAY, actor="parent"),
        9: Restored("17", at=at("2026-05-20 23:30:00"), actor="parent"),
    }
    change = account(Posting("own", *PLACE, -30, 5), Posting("own", *PLACE, 31, 9))
    assert told(change, events=events) == [
        "Было 30-е место, стало 31-е: на 1 место дальше.",
        (
            "+ 1: 5 мая 2026\xa0г. вы отказались от предложенного места; заявление отложено, пока вы не попросите его "
            "вернуть; 20 мая 2026\xa0г. заявление восстановлено с первоначальной датой."
        ),
    ]
    assert told(change, "en", events)[1].endswith(
        "on 20 May 2026 your application was restored with its original date."
    )


def test_only_the_latest_own_changes_are_spelt_out() -> None:
    """The earlier ones are counted."""
    events = {entry: WishesChanged("17", (), at=DAY, actor="parent") for entry in range(1, 6)}
    line = told(account(*(Posting("own", "submitted", "", 1, entry) for entry in events)), events=events)[1]
    assert line.count("изменены ваши пожелания") == 3
    assert line.endswith("до этого ещё 2 изменения вашего заявления.")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (RulesPublished("1" * 64, at=DAY, actor="ministry"), "начался новый приём по правилам «Очередь в детский сад»"),
        (
            TerritoryActChanged("Постановление № 12", "address.in_territory", (), at=DAY, actor="officer"),
            "5 мая 2026\xa0г. изменились закреплённые территории (Постановление № 12)",
        ),
        (DayAdvanced(parse_date("2026-05-06"), at=DAY, actor="system"), "Наступило 6 мая 2026\xa0г.: возраст и сроки"),
        (CapacitySet("p", 5, "r", at=DAY, actor="officer"), "изменение, которое касается всей очереди"),
        (None, "+ 7: Произошло изменение, которое касается всей очереди."),
    ],
)
def test_what_concerned_everybody_is_told_by_its_event(event: Event | None, said: str) -> None:
    """The same rules anew are a new campaign."""
    events: dict[int, Event] = {1: RulesPublished("1" * 64, at=0, actor="ministry")}
    change = account(Posting("rules", "submitted", "", 7, 3), mass=(MassEffect(3, 30, 37, 0, 0),))
    assert said in told(change, events=events if event is None else {**events, 3: event})[1]


def test_the_own_part_of_what_concerned_everybody_is_told_by_itself() -> None:
    """First what changed for the family, then what others did."""
    parts = (Posting("own", "territory", "no", 40, 3), Posting("down", "territory", "no", -12, 3))
    act = TerritoryActChanged("Акт", "address.in_territory", (), at=DAY, actor="officer")
    lines = told(account(*parts, mass=(MassEffect(3, 30, 58, 40, 12),)), events={3: act})
    assert [leading_number(line) for line in lines[1:]] == [40, -12]
    assert lines[1] == "+ 40: 5 мая 2026\xa0г. изменились закреплённые территории (Акт)."


@pytest.mark.parametrize(
    ("category", "title"),
    [
        ("large_family", "Дети из многодетных семей"),
        ("disabled_child", "Первоочередное право"),
        ("pmpk_conclusion", "право на место"),
    ],
)
def test_what_a_document_gave_is_found_in_the_journal(category: str, title: str) -> None:
    """An account names the ground that holds after an entry, so the one that was lost is told by its document."""
    last = parse_date("2026-05-04")
    events: dict[int, Event] = {
        1: DocumentAdded("17", "older", "judge_child", last=last - 90, at=0, actor="parent"),
        2: DocumentConfirmed("17", "older", at=0, actor="officer"),
        3: DocumentAdded("17", "d", category, at=0, actor="parent"),
        4: DocumentConfirmed("17", "d", last=last, at=0, actor="officer"),
        5: Due("17", ("document_ended",), at=DAY, actor="system"),
        6: DocumentConfirmed("18", "d", last=last + 1, at=0, actor="officer"),
        7: DocumentRefuted("17", "d", "a false paper", at=DAY, actor="officer"),
    }
    for entry in (5, 7):
        line = told(account(Posting("own", "right", "others", 9, entry)), events=events)[1]
        assert f": «{title}»" in line


def test_every_phrase_is_said_of_an_event_that_can_happen() -> None:
    """A misspelt kind would never be said; every reason of a day's own change has its phrase."""
    kinds = [name.partition(" ")[0] for name in HAPPENED]
    assert set(kinds) <= set(KINDS)
    assert {name.partition(" ")[2] for name in HAPPENED if name.startswith("due ")} == set(DUE_REASONS)
    assert own(CapacitySet("p", 5, "r", at=DAY, actor="officer"), lang="en").endswith("for everybody in the queue.")
    prepared = ContractPrepared("17", "p", at=DAY, actor="organisation")
    assert own(prepared) == "+ 9: 5 мая 2026\xa0г. изменилось ваше заявление."
