from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.queue_engine.verification.small_files import DAY, MIDNIGHT, Files

from queue_engine.verification import verify
from queue_engine.verification.legality import ARROWS

Step = tuple[str, dict[str, Any]]

_OFFER: Step = ("offered", {"programme": "P-1", "deadline": DAY + 5})
_P1 = {"programme": "P-1"}
_WHY = {"reason": "so", "basis": "decree"}
_REGISTERED: list[Step] = [("reviewed", {"outcome": "registered"})]
_OFFERED = [*_REGISTERED, _OFFER]
_CONSENT: list[Step] = [*_OFFERED, ("accepted", _P1)]
# the shortest way to every status
WAYS: dict[str, list[Step]] = {
    "received": [],
    "review": [("reviewed", {"outcome": "taken"})],
    "confirm_data": [("reviewed", {"outcome": "confirm_data"})],
    "registered": _REGISTERED,
    "refused": [("reviewed", {"outcome": "refused", "reason": "moved away"})],
    "offered": _OFFERED,
    "consent": _CONSENT,
    "contract": [*_CONSENT, ("contract_prepared", _P1)],
    "declined": [*_OFFERED, ("declined", _P1)],
    "unconfirmed": [
        *_REGISTERED,
        ("offered", {"programme": "P-1", "deadline": DAY}),
        ("LATER", {}),
        ("lapsed", {"outcome": "suspended"}),
    ],
    "inactive": [("reviewed", {"outcome": "confirm_data"}), ("lapsed", {"outcome": "suspended"})],
    "suspended": [*_REGISTERED, ("suspended", {"reason": "so"})],
    "enrolled": [*_OFFERED, ("enrolled", _P1)],
    "withdrawn": [("withdrawn", _WHY)],
    "moved": [("moved", {"municipality": "city"})],
    "closed": [("closed", {"reason": "so"})],
    "archived": [("archived", {"reason": "so"})],
}
_CHANGES: dict[str, dict[str, Any]] = {
    "reviewed": {"reason": "so"},
    "document_added": {"document": "new", "category": "benefit"},
    "document_confirmed": {"document": "old"},
    "document_refuted": {"document": "old", "reason": "so"},
    "wishes_changed": {"wishes": [_P1]},
    "data_corrected": {"facts": {"a": 2}, "reason": "so", "document": "paper"},
    "entry_facts_changed": {"facts": {"a": 2}, "programme": "P-1"},
    "due": {"reasons": ["age_reached"]},
    "offered": {"programme": "P-1", "deadline": DAY + 9},
    "exception_granted": {"programme": "P-1", "document": "paper", "basis": "law", "seat": "one more"},
    "interim_placed": {"programme": "P-1", "seat": "short_stay"},
    "interim_ended": _P1,
    "suspended": {"reason": "so"},
    "offer_withdrawn": {**_P1, **_WHY},
    "withdrawn": _WHY,
    "moved": {"municipality": "city"},
    "closed": {"reason": "so"},
    "archived": {"reason": "so"},
    **dict.fromkeys(("accepted", "contract_prepared", "declined", "enrolled"), _P1),
}


def town(*steps: Step) -> Files:
    """Return a town with an application A, after some events of it; LATER is two days later."""
    files = Files()
    files.add("day_advanced", day=DAY)
    files.add("programme_opened", programme="P-1", organisation="O-1")
    files.add("programme_opened", programme="P-2", organisation="O-2")
    files.add("programme_opened", programme="P-3", organisation="O-3", service="school")
    files.add("filed", application="A", number=1, submitted_at=0, facts={"a": 1}, wishes=[_P1, {"organisation": "O-2"}])
    files.add("document_added", application="A", document="old", category="benefit", first=DAY, last=DAY + 9)
    for kind, data in steps:
        if kind == "LATER":
            files.add("day_advanced", day=DAY + 2)
            files.entries[-1]["at"] = MIDNIGHT + 2 * 86_400_000
        else:
            files.add(kind, **({"application": "A"} | data))
        at = files.entries[-2]["at"]
        files.entries[-1]["at"] = max(files.entries[-1]["at"], at)
    return files


def said(files: Files, folder: Path) -> list[str]:
    """Return what is wrong with the last entry; everything before has to be right."""
    found = verify(files.write(folder))
    assert all(finding.entry == len(files.entries) for finding in found), found
    assert all((finding.level, finding.rule) == ("V3", "§5") for finding in found), found
    return [finding.message for finding in found]


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("arrow", ARROWS)
def test_an_event_needs_its_status(tmp_path: Path, arrow: str, status: str) -> None:
    """Every event is tried in every status: it is right, or the status is named."""
    kind, _, outcome = arrow.partition(" ")
    data = _CHANGES.get(kind, {}) | ({"outcome": outcome} if outcome else {})
    found = said(town(*WAYS[status], (kind, data)), tmp_path)
    late = [message for message in found if "which is" not in message]
    right = status in ARROWS[arrow]
    assert (
        any(message.startswith(f"{arrow} of 'A', which is {status}; it has to be ") for message in found) is not right
    )
    before_deadline = arrow.startswith("lapsed") and status == "offered"
    other_programme = kind in ("accepted", "contract_prepared", "declined", "enrolled", "offer_withdrawn") and not right
    assert bool(late) is (before_deadline or kind == "interim_ended") or other_programme


@pytest.mark.parametrize(
    ("status", "kind", "data", "message"),
    [
        ("registered", "offered", {"application": "B"}, "application 'B' was not filed"),
        ("registered", "offered", {"programme": "P-2", "deadline": DAY}, None),
        ("registered", "offered", {"programme": "P-3", "deadline": DAY}, "programme 'P-3' is not open in the"),
        ("registered", "offered", {"programme": "P-9", "deadline": DAY}, "programme 'P-9' is offered and not wished"),
        ("registered", "offered", {"programme": "P-1", "deadline": DAY - 1}, f"the deadline is {DAY - 1}"),
        ("registered", "exception_granted", {"programme": "P-3"}, "programme 'P-3' is not open"),
        ("registered", "exception_granted", {"deadline": 1}, "the deadline is 1"),
        (
            "offered",
            "accepted",
            {"programme": "P-2"},
            "the programme is 'P-2'; it has to be the one last offered, 'P-1'",
        ),
        ("offered", "accepted", {"deadline": 1}, "the deadline is 1"),
        ("consent", "contract_prepared", {"programme": "P-2"}, "the one last offered"),
        ("consent", "contract_prepared", {"deadline": 1}, "the deadline is 1"),
        ("offered", "declined", {"programme": "P-2"}, "the one last offered"),
        ("offered", "enrolled", {"programme": "P-2"}, "the one last offered"),
        ("offered", "offer_withdrawn", {"programme": "P-2"}, "the one last offered"),
        ("received", "reviewed", {"outcome": "confirm_data", "deadline": 1}, "the deadline is 1"),
        ("received", "reviewed", {"outcome": "refused", "reason": " "}, "the reason is missing"),
        ("offered", "lapsed", {"outcome": "returned"}, f"later than the deadline {DAY + 5}"),
        ("consent", "lapsed", {"outcome": "returned"}, None),
        ("received", "withdrawn", {"basis": " "}, "the basis is missing"),
        ("received", "withdrawn", {"reason": " "}, "the reason is missing"),
        ("received", "document_added", {"document": "old"}, "document 'old' was added before"),
        ("received", "document_added", {"first": 5, "last": 4}, "last is 4; it has to be 5 or later"),
        ("received", "document_confirmed", {"document": "none"}, "document 'none' was not added"),
        ("received", "document_confirmed", {"last": DAY - 1}, f"last is {DAY - 1}; it has to be {DAY} or later"),
        ("received", "document_refuted", {"document": "none"}, "document 'none' was not added"),
        ("received", "wishes_changed", {"wishes": [{"programme": "P-3"}]}, "'P-3' is wished for and not open"),
        ("received", "wishes_changed", {"wishes": [{"organisation": "O-3"}]}, "'O-3' is wished for and not open"),
        ("received", "wishes_changed", {"wishes": [{"organisation": "P-1"}]}, "'P-1' is wished for and not open"),
        ("received", "data_corrected", {"facts": {"application.number": 2}}, "application.number is corrected"),
        ("received", "data_corrected", {"forgotten": ["application.number"]}, "application.number is corrected"),
        ("received", "entry_facts_changed", {"programme": "P-2"}, "'P-2' is no wish of 'A'"),
        ("received", "entry_facts_changed", {"organisation": "O-2"}, "'P-1' is no wish of 'A'"),
    ],
)
def test_a_rule_of_an_application_is_named(
    tmp_path: Path, status: str, kind: str, data: dict[str, Any], message: str | None
) -> None:
    """Each further rule is broken by itself, or kept at its edge."""
    found = said(town(*WAYS[status], (kind, _CHANGES.get(kind, {}) | data)), tmp_path)
    assert found == [] if message is None else any(message in one for one in found)


_INTERIM: Step = ("interim_placed", {"programme": "P-1", "seat": "short_stay"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, None),
        ({"programme": "P-2"}, None),
        ({"programme": "P-3"}, "programme 'P-3' is not open in the"),
        ({"programme": "P-9"}, "programme 'P-9' is offered and not wished"),
        ({"seat": "temporary"}, "until is missing"),
        ({"seat": "temporary", "until": DAY}, None),
        ({"until": DAY - 1}, f"until is {DAY - 1}; it has to be {DAY} or later"),
    ],
)
def test_an_interim_place_is_open_wished_for_and_has_its_days(
    tmp_path: Path, data: dict[str, Any], message: str | None
) -> None:
    """It is asked for as an offer is, and keeps the application registered."""
    kind, given = _INTERIM
    found = said(town(*_REGISTERED, (kind, given | data)), tmp_path)
    assert found == [] if message is None else any(message in one for one in found)


def test_an_interim_place_is_one_at_a_time_and_ends_with_the_application(tmp_path: Path) -> None:
    """It lasts under an offer, is gone after an enrolment, and is there again if that is revoked."""
    ended: Step = ("interim_ended", _P1)
    other: Step = ("interim_ended", {"programme": "P-2"})
    held = [*_REGISTERED, _INTERIM]
    assert said(town(*held, _INTERIM), tmp_path) == [
        "the application has an interim place, 'P-1'; it may have one at a time"
    ]
    assert said(town(*held, ended, _INTERIM), tmp_path) == []
    assert said(town(*held, other), tmp_path) == ["the programme is 'P-2'; it has to be the interim place, 'P-1'"]
    assert said(town(*held, ended, ended), tmp_path) == ["the programme is 'P-1'; it has to be the interim place, none"]
    assert said(town(*held, _OFFER, ended), tmp_path) == []
    enrolled = [*held, _OFFER, ("enrolled", _P1)]
    assert "which is enrolled" in said(town(*enrolled, ended), tmp_path)[0]
    revoked: Step = ("revoked", {"decision": 10, "reason": "so", "document": "court"})
    assert said(town(*enrolled, revoked, ended), tmp_path) == []


@pytest.mark.parametrize("actor", ["parent", "epgu", "mfc:3", "officer:1"])
def test_only_parents_withdraw_without_giving_reasons(tmp_path: Path, actor: str) -> None:
    """An officer gives reason and basis."""
    files = town(("withdrawn", {}))
    files.entries[-1]["actor"] = actor
    assert len(said(files, tmp_path)) == (2 if actor == "officer:1" else 0)


_FILED = {"application": "B", "number": 2, "submitted_at": 0, "facts": {}, "wishes": []}


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("filed", _FILED, None),
        ("filed", _FILED | {"number": 1, "service": "school"}, None),
        ("filed", _FILED | {"application": "A"}, "application 'A' was filed before"),
        ("filed", _FILED | {"number": 1}, "number 1 was given before"),
        ("filed", _FILED | {"facts": {"application.number": 2}}, "facts give application.number"),
        ("filed", _FILED | {"wishes": [{"programme": "P-3"}]}, "'P-3' is wished for and not open"),
        ("filed", _FILED | {"wishes": [{"organisation": "O-3"}], "service": "school"}, None),
        ("programme_opened", {"programme": "P-1"}, "programme 'P-1' is open already"),
        ("programme_closed", {"programme": "P-9", "reason": "so"}, "programme 'P-9' is not open"),
        ("capacity_set", {"programme": "P-9", "reason": "so", "capacity": 1}, "programme 'P-9' is not open"),
        ("capacity_set", {"programme": "P-3", "reason": "so", "capacity": 0}, None),
        ("day_advanced", {"day": DAY}, f"the day is {DAY}; it has to be later than {DAY}"),
        ("day_advanced", {"day": DAY + 1}, f"the day is {DAY + 1}, which has begun nowhere"),
    ],
)
def test_a_rule_of_a_municipality_is_named(
    tmp_path: Path, kind: str, data: dict[str, Any], message: str | None
) -> None:
    """Filing, programmes and days have rules of their own."""
    files = town()
    files.add(kind, **data)
    found = said(files, tmp_path)
    assert found == [] if message is None else any(message in one for one in found)


_FREEZE, _OTHER = "0f" * 32, "f0" * 32
_FROZEN: Step = ("round_frozen", {"round": "may", "on": DAY, "freeze": _FREEZE, "programmes": 3, "applications": 1})
_PUBLISHED: Step = ("round_published", {"round": "may", "freeze": _FREEZE, "result": _OTHER})
_ANNULLED: Step = ("round_annulled", {"round": "may", **_WHY})
_BY_ROUND: Step = ("offered", {"application": "A", "programme": "P-1", "deadline": DAY, "protocol": "may"})


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([_FROZEN], None),
        ([_FROZEN, _FROZEN], "round 'may' was frozen before and is frozen; its name has to be new"),
        ([_FROZEN, _ANNULLED, _FROZEN], "round 'may' was frozen before and is annulled"),
        ([_PUBLISHED], "round 'may' is published and was not frozen"),
        ([_FROZEN, _PUBLISHED], None),
        ([_FROZEN, _PUBLISHED, _PUBLISHED], "round 'may' is published and is published; it has to be frozen"),
        ([_FROZEN, _ANNULLED, _PUBLISHED], "round 'may' is published and is annulled; it has to be frozen"),
        ([_FROZEN, ("round_published", _PUBLISHED[1] | {"freeze": _OTHER})], f"it has to be {_FREEZE}"),
        ([_FROZEN, ("round_published", _PUBLISHED[1] | {"service": "school"})], "for service 'school'"),
        ([_ANNULLED], "round 'may' is annulled and was not frozen"),
        ([_FROZEN, _PUBLISHED, _ANNULLED], None),
        ([_FROZEN, _ANNULLED, _ANNULLED], "round 'may' is annulled and is annulled"),
        ([_BY_ROUND], None),
        ([_FROZEN, _BY_ROUND], "the protocol is round 'may', which is frozen; it has to be published"),
        ([_FROZEN, _PUBLISHED, _BY_ROUND], None),
        ([_FROZEN, _PUBLISHED, _ANNULLED, _BY_ROUND], "the protocol is round 'may', which is annulled"),
        (
            [_FROZEN, ("interim_placed", {"application": "A", **_INTERIM[1], "protocol": "may"})],
            "the protocol is round 'may', which is frozen",
        ),
    ],
)
def test_a_round_is_frozen_then_published_and_only_then_places(
    tmp_path: Path, steps: list[Step], message: str | None
) -> None:
    """Names are given once, digests stay, and a protocol that is no round's name is a text like any other."""
    files = town(*_REGISTERED)
    for kind, data in steps:
        files.add(kind, **data)
    found = said(files, tmp_path)
    assert found == [] if message is None else any(message in one for one in found)


def test_lots_are_drawn_again_only_with_a_reason(tmp_path: Path) -> None:
    """Each campaign has its own draws."""
    drawn = {"list": _FREEZE, "rules": _OTHER, "sources": [{"name": "dice", "value": "04913857"}]}
    for campaign, more, count in (("may", {"reason": " "}, 1), ("may", {"reason": "a torn list"}, 0), ("june", {}, 0)):
        files = town()
        files.add("lottery_drawn", campaign="may", **drawn)
        files.add("lottery_drawn", campaign=campaign, **drawn, **more)
        assert len(said(files, tmp_path)) == count


def test_a_day_begins_fourteen_hours_before_midnight_of_utc(tmp_path: Path) -> None:
    """The first place on earth decides, to the millisecond."""
    files = town()
    files.add("day_advanced", day=DAY + 1)
    files.entries[-1]["at"] = MIDNIGHT + 36_000_000
    assert said(files, tmp_path) == []
    files.entries[-1]["at"] -= 1
    assert len(said(files, tmp_path)) == 1


def test_a_programme_that_comes_back_keeps_its_service(tmp_path: Path) -> None:
    """What was closed may be opened, but not elsewhere."""
    files = town()
    files.add("programme_closed", programme="P-3", reason="so")
    files.add("programme_opened", programme="P-3")
    assert said(files, tmp_path) == ["programme 'P-3' comes to service ''; it has to keep 'school'"]
    files.entries[-1]["data"]["service"] = "school"
    assert said(files, tmp_path) == []


def test_a_value_of_an_act_needs_its_wish(tmp_path: Path) -> None:
    """Each value names an application and one of its wishes."""
    files = town()
    names = [("A", "P-1"), ("A", "P-2"), ("B", "P-1")]
    values = [{"application": name, "programme": programme, "value": 1} for name, programme in names]
    files.add("territory_act_changed", basis="decree", fact="near", entries=values)
    assert len(said(files, tmp_path)) == 2


def test_a_document_is_not_judged_so_again(tmp_path: Path) -> None:
    """With other days it is; the other way round it is too."""
    again: Step = ("document_confirmed", {"document": "old"})
    assert said(town(again, ("document_confirmed", {"document": "old", "last": DAY + 8})), tmp_path) == []
    assert said(town(again, ("document_refuted", {"document": "old", "reason": "so"}), again), tmp_path) == []
    assert said(town(again, again), tmp_path) == ["document 'old' is confirmed with these days already"]


def test_a_revocation_goes_back_and_can_be_revoked(tmp_path: Path) -> None:
    """Status, programme and deadline are again those before; then again those after."""
    paper = {"reason": "so", "document": "court"}
    ways = [*WAYS["enrolled"], ("revoked", {"decision": 9, **paper})]
    assert said(town(*ways), tmp_path) == []
    assert said(town(*ways, ("accepted", _P1)), tmp_path) == []
    assert said(town(*ways, ("lapsed", {"outcome": "returned"})), tmp_path) != []
    back = [*ways, ("revoked", {"decision": 10, **paper})]
    assert said(town(*back), tmp_path) == []
    assert "which is enrolled" in said(town(*back, ("accepted", _P1)), tmp_path)[0]


def test_only_the_last_decision_is_revoked(tmp_path: Path) -> None:
    """Neither an earlier one nor the filing."""
    paper = {"reason": "so", "document": "court"}
    assert (
        "it has to be 9, the last one"
        in said(town(*WAYS["enrolled"], ("revoked", {"decision": 8, **paper})), tmp_path)[0]
    )
    assert "the filing" in said(town(("revoked", {"decision": 5, **paper})), tmp_path)[0]


def test_one_wrong_event_is_not_followed_by_findings(tmp_path: Path) -> None:
    """After an event that may not come, the next is judged as if it might."""
    files = town(("accepted", _P1), ("contract_prepared", _P1), ("enrolled", _P1))
    assert {finding.entry for finding in verify(files.write(tmp_path))} == {7}
