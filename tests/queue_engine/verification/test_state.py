from __future__ import annotations

from queue_engine.verification.state import Application, Programme, Standing, State, Wish


def test_an_organisation_is_open_while_a_programme_of_it_is() -> None:
    """Closing the last programme closes the organisation, and only in that service."""
    state = State()
    for name in ("P", "Q"):
        state.open_programme(name, Programme("school", "O", "", {}))
    state.close_programme("P")
    assert state.is_open(Wish("", "O", {}), "school")
    assert not state.is_open(Wish("", "O", {}), "")
    state.close_programme("Q")
    assert not state.is_open(Wish("", "O", {}), "school")
    assert not state.is_open(Wish("P", "", {}), "school")


def test_who_is_registered_is_known_by_service() -> None:
    """A new standing moves an application in and out."""
    state, application = State(), Application("school", 1, 0, 1)
    state.stand("A", application, Standing("registered", "", None), 2)
    assert state.registered["school"] == {"A"}
    state.stand("A", application, Standing("moved", "", None), 3)
    assert state.registered["school"] == set()
    assert (application.before.status, application.changed) == ("registered", 3)


def test_wishes_come_back_as_they_were_kept() -> None:
    """Packing loses nothing, letters of any language included."""
    application = Application("", 1, 0, 1)
    application.set_wishes([Wish("Сад «5»", "", {"near": 1}), Wish("", "O", {})])
    assert application.wishes() == [Wish("Сад «5»", "", {"near": 1}), Wish("", "O", {})]
    assert application.may_wish(('"Сад «5»"'.encode(),))
    assert not application.may_wish((b'"P"',))
