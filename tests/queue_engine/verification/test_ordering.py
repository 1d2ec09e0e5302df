from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.queue_engine.verification.small_files import DAY, Files, document, fact, when

from queue_engine.verification import verify

_BY_NUMBER = {"id": "n", "kind": "earliest", "fact": "application.number"}
_KNOWN = {
    "application.submitted_at": fact("instant"),
    "application.submitted_on": fact("date"),
    "application.active": fact("yes_no"),
    "offer.withdrawn": fact("yes_no"),
    "child.birth_date": fact("date"),
    "benefit.first": fact("yes_no"),
    "benefit.second": fact("yes_no"),
    "family.income": fact("decimal", digits=2),
    "entry.near": fact("yes_no", per="entry"),
    "programme.age": fact(per="programme"),
    "needed": fact(unknown="refuse"),
    "entry.needed": fact(unknown="refuse", per="entry"),
}


def rules(*steps: dict[str, Any], eligible: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """Return a document that orders by some steps, and then by number."""
    items = [when(text, f"e{number}") for number, text in enumerate(eligible)]
    return document(facts=_KNOWN, order=[*steps, _BY_NUMBER], eligible=items, **more)


def town(content: dict[str, Any], **more: Any) -> Files:
    """Return a town with these rules and two programmes of one organisation."""
    files = Files()
    files.publish(content, **more)
    files.add("day_advanced", day=DAY)
    files.add("programme_opened", programme="P", organisation="O", facts={"programme.age": 3})
    files.add("programme_opened", programme="Q", organisation="O", takes="entry.near", facts={"programme.age": 4})
    return files


def check(files: Files, folder: Path, names: str, queue: str = "general") -> None:
    """Assert that this order is right, and that another one is not."""
    files.order(queue, *names)
    assert verify(files.write(folder)) == []
    if len(names) > 1:
        files.entries.pop()
        files.order(queue, *names[1::-1], *names[2:])
        (finding,) = verify(files.write(folder))
        message = f"place 1 has {names[1]!r}; it has to have {names[0]!r} (2 places differ)"
        assert (finding.level, finding.rule, finding.message) == ("V4", "§6", message)
    files.entries.pop()


def test_age_bands_are_groups(tmp_path: Path) -> None:
    """Who is three stands before who is six, and who fits no band comes last: computed by hand."""
    bands = {
        "id": "bands",
        "kind": "groups",
        "groups": [{"id": "three"}, {"id": "six"}],
        "grounds": [
            {"id": "g1", "group": "three", "when": "age(on start) >= 3y and age(on start) < 4y"},
            {"id": "g2", "group": "six", "when": "age(on start) >= 6y6m"},
        ],
    }
    files = town(rules(bands, dates={"start": {"default": "today"}}), dates={"start": 20_332})  # 2025-09-01
    files.file("A", 1)  # not known to be born
    files.file("B", 2, child_birth_date=17_956)  # 2019-03-01: six and a half on the day
    files.file("C", 3, child_birth_date=17_957)  # 2019-03-02: a day too late for it
    files.file("D", 4, child_birth_date=19_236)  # 2022-09-01: three on the day
    files.file("E", 5, child_birth_date=18_871)  # 2021-09-01: four on the day
    check(files, tmp_path, "DBACE")


def test_a_group_for_everyone_else_takes_who_is_left(tmp_path: Path) -> None:
    """The first group that fits counts, in the order of the groups and not of the grounds."""
    step = {
        "id": "s",
        "kind": "groups",
        "groups": [{"id": "first"}, {"id": "rest", "everyone_else": True}, {"id": "never"}],
        "grounds": [
            {"id": "g0", "group": "never", "when": "application.active"},
            {"id": "g1", "group": "first", "when": "benefit.first"},
            {"id": "g2", "group": "first", "when": "confirmed(category.benefit)"},
        ],
    }
    files = town(rules(step))
    for number, name in enumerate("ABCD", 1):
        files.file(name, number, **({"benefit_first": 1} if name == "C" else {}))
    files.add("document_added", application="D", document="1", category="benefit", last=DAY)
    check(files, tmp_path, "CABD")
    files.add("document_confirmed", application="D", document="1")
    check(files, tmp_path, "CDAB")
    files.add("document_refuted", application="D", document="1", reason="forged")
    check(files, tmp_path, "CABD")


def test_decimals_compare_exactly(tmp_path: Path) -> None:
    """Incomes are scaled integers; who has none on record comes last, and fulfils no comparison."""
    files = town(rules({"id": "s", "kind": "lowest", "fact": "family.income"}, eligible=("not family.income == 5",)))
    for name, number, income in (("A", 1, 488), ("B", 2, 487), ("C", 3, None), ("D", 4, 500), ("E", 5, -1)):
        files.file(name, number, **({} if income is None else {"family_income": income}))
    check(files, tmp_path, "EBAC")


@pytest.mark.parametrize(
    ("amount", "order"),
    [(2, "CADBE"), (3, "CABDE"), (9, "CABDE")],
)
def test_one_in_n_places_goes_to_the_entitled(tmp_path: Path, amount: int, order: str) -> None:
    """C, D and E are entitled; places 1, 1+N, 1+2N are theirs while there are others."""
    reserve = {"id": "r", "kind": "one_in", "amount": amount, "when": "benefit.first"}
    files = town(rules(reserves=[reserve]))
    for number, name in enumerate("ABCDE", 1):
        files.file(name, number, **({"benefit_first": 1} if name in "CDE" else {}))
    check(files, tmp_path, order)


def test_shares_narrow_one_after_the_other(tmp_path: Path) -> None:
    """First 50 per cent for D and E, then 30 for E and F: computed place by place."""
    reserves = [
        {"id": "r1", "kind": "share", "amount": 50, "when": "benefit.first"},
        {"id": "r2", "kind": "share", "amount": 30, "when": "benefit.second"},
        {"id": "r3", "kind": "seats", "amount": 5, "when": "benefit.second"},
    ]
    files = town(rules(reserves=reserves))
    for number, name in enumerate("ABCDEF", 1):
        facts = {"benefit_first": int(name in "DE"), "benefit_second": int(name in "EF")}
        files.file(name, number, **facts)
    # 1: D E narrow to E · 2: both are fulfilled, A · 3: 100 < 150 calls D · 4: 100 < 120 calls F · the rest: B C
    check(files, tmp_path, "EADFBC")


def test_a_wish_leads_to_a_programme_or_to_all_of_an_organisation(tmp_path: Path) -> None:
    """Programme Q takes only who lives near; the wish for it counts before the one for its organisation."""
    files = town(rules({"id": "s", "kind": "yes_first", "when": "entry.near"}, eligible=("programme.age < 4",)))
    near = {"facts": {"entry.near": 1}}
    files.file("A", 1, [{"programme": "P"}])
    files.file("B", 2, [{"organisation": "O", **near}])
    files.file("C", 3, [{"programme": "P", **near}, {"organisation": "O"}])
    files.file("D", 4, [{"programme": "Q"}, {"organisation": "O", **near}])
    files.file("E", 5)
    check(files, tmp_path, "BCDA", "P")
    check(files, tmp_path, "", "Q")
    files.add("programme_closed", programme="Q", reason="rebuilt")
    open_again: dict[str, Any] = {"programme": "Q", "organisation": "O", "takes": "entry.near"}
    files.add("programme_opened", **open_again, facts={"programme.age": 2})
    check(files, tmp_path, "B", "Q")
    check(files, tmp_path, "ABCDE")
    files.add("wishes_changed", application="D", wishes=[{"organisation": "O"}])
    check(files, tmp_path, "BD", "Q")
    values = [{"application": "B", "organisation": "O", "value": 0}]
    files.add("territory_act_changed", basis="decree", fact="entry.near", entries=values)
    check(files, tmp_path, "CDAB", "P")
    files.add("entry_facts_changed", application="C", programme="P", facts={"entry.near": 1}, forgotten=["entry.near"])
    check(files, tmp_path, "DABC", "P")


def test_the_queue_of_a_closed_programme_is_empty(tmp_path: Path) -> None:
    """A wish leads to open programmes only."""
    files = town(rules())
    files.file("A", 1, [{"programme": "P"}])
    check(files, tmp_path, "A", "P")
    files.add("programme_closed", programme="P", reason="rebuilt")
    check(files, tmp_path, "", "P")


def test_facts_that_have_to_be_known_keep_out_who_lacks_them(tmp_path: Path) -> None:
    """In a queue of a programme all of them, in the general queue only those of the application."""
    files = town(rules({"id": "s", "kind": "highest", "fact": "needed"}, eligible=("known(entry.needed)",)))
    files.file("A", 1, [{"programme": "P", "facts": {"entry.needed": 1}}], needed=1)
    files.file("B", 2, [{"programme": "P"}], needed=2)
    files.file("C", 3, [{"programme": "P", "facts": {"entry.needed": 1}}])
    check(files, tmp_path, "BA")
    check(files, tmp_path, "A", "P")


def test_what_is_known_follows_corrections(tmp_path: Path) -> None:
    """Given facts replace what was filed and when; forgotten ones are not known."""
    step = {"id": "s", "kind": "earliest", "fact": "application.submitted_on"}
    files = town(rules(step, {"id": "t", "kind": "highest", "fact": "needed"}))
    files.file("A", 1, needed=1)
    files.file("B", 2, needed=2)
    files.file("C", 3, needed=3)
    check(files, tmp_path, "CBA")
    paper = {"reason": "so", "document": "paper"}
    files.add("data_corrected", application="A", facts={"application.submitted_on": DAY - 1}, **paper)
    check(files, tmp_path, "ACB")
    forgotten = ["needed", "application.submitted_on"]
    files.add("data_corrected", application="A", facts={"needed": 9}, forgotten=forgotten, **paper)
    check(files, tmp_path, "CB")


def test_only_the_registered_of_the_service_are_in_its_queues(tmp_path: Path) -> None:
    """Other services have other rules, and queues of their own."""
    files = town(rules())
    files.file("A", 1)
    files.publish(rules(), service="school")
    files.add("filed", application="B", number=1, submitted_at=0, facts={}, wishes=[], service="school")
    check(files, tmp_path, "A")
    files.add("reviewed", application="B", outcome="registered")
    files.add("suspended", application="A", reason="so")
    check(files, tmp_path, "")
    files.order("general", "B", service="school")
    assert verify(files.write(tmp_path)) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("AB", ["application 'C' is in the queue and not listed"]),
        ("ABCA", ["application 'A' is listed 2 times; it has to be once"]),
        ("ABCD", ["application 'D' is listed and not in the queue"]),
    ],
)
def test_an_order_lists_exactly_those_in_the_queue(tmp_path: Path, names: str, said: list[str]) -> None:
    """Who is missing, who is there twice and who should not be there is named."""
    files = town(rules())
    for number, name in enumerate("ABCD", 1):
        files.file(name, number)
    files.add("suspended", application="D", reason="so")
    files.order("general", *names)
    assert [finding.message for finding in verify(files.write(tmp_path))] == said


def test_equal_keys_are_a_finding(tmp_path: Path) -> None:
    """An order that leaves two alike is no order."""
    content = rules()
    content["versions"][0]["order"] = [{"id": "s", "kind": "yes_first", "when": "benefit.first"}]
    files = town(content)
    files.file("A", 1)
    files.file("B", 2)
    files.order("general", "B", "A")
    (finding,) = verify(files.write(tmp_path))
    assert finding.message == "applications 'B' and 'A' have equal keys"


def test_whose_offer_was_withdrawn_is_a_fact_that_rules_may_put_first(tmp_path: Path) -> None:
    """It is known until something else is offered, through suspensions too, and no fact that is filed changes it."""
    files = town(rules({"id": "back", "kind": "yes_first", "when": "offer.withdrawn"}))
    for number, name in enumerate("ABC", 1):
        files.file(name, number, [{"programme": "P"}], **({"offer_withdrawn": 1} if name == "B" else {}))
    check(files, tmp_path, "ABC")
    offer = {"application": "C", "programme": "P"}
    files.add("offered", deadline=DAY + 3, **offer)
    files.add("offer_withdrawn", reason="repair", basis="act 9", **offer)
    check(files, tmp_path, "CAB")
    files.add("suspended", application="C", reason="asked to")
    files.add("restored", application="C")
    check(files, tmp_path, "CAB")
    revoked = files.add("offered", deadline=DAY + 3, **offer)
    files.add("revoked", application="C", decision=revoked, reason="so", document="memo")
    check(files, tmp_path, "CAB")
    files.add("offered", deadline=DAY + 3, **offer)
    files.add("declined", **offer)
    files.add("restored", application="C")
    check(files, tmp_path, "ABC")


def test_a_value_of_another_type_is_a_finding(tmp_path: Path) -> None:
    """A text where a number has to be is named once, and is not known."""
    files = town(rules({"id": "s", "kind": "lowest", "fact": "family.income"}))
    files.file("A", 1, family_income="much")
    files.file("B", 2, family_income=1)
    files.order("general", "B", "A")
    (finding,) = verify(files.write(tmp_path))
    assert finding.message == "family.income of 'A' is 'much'; it has to be of the type decimal"


def test_a_programme_takes_by_a_condition_of_the_rules(tmp_path: Path) -> None:
    """What is no condition takes nobody, and is named."""
    files = town(rules())
    files.add("programme_opened", programme="R", takes="is nice")
    files.file("A", 1, [{"programme": "R"}])
    files.order("R")
    (finding,) = verify(files.write(tmp_path))
    assert "takes is 'is nice'; it has to be a condition of the rules" in finding.message
