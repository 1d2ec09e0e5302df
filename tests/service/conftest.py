"""A small municipality behind the service, and queues whose ids are hard to put into an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.databases import KINDS, Server, server

from queue_engine import Journal, Queues, load_rules, order, read_journal, replay, rules_digest
from queue_engine.events import DayAdvanced, Event, Filed, ProgrammeOpened, Reviewed, RulesPublished, Wish
from queue_engine.facts import date_to_day, day_to_date
from queue_engine.followed import known_rules
from service.app import create_app
from service.db import Address, Database, open_database
from service.enrolment.archive import export_journal
from service.enrolment.seeding import MUNICIPALITY, make_example
from service.enrolment.writing import Ledger, Towns
from service.migrating import migrate
from service.settings import Settings

RULES = Path(__file__).parent.parent.parent / "rules"
APPLICATIONS = 150
SEED = 7
HARD_IDS = ("9 кл./сварщики 50%", "a?b#c&d", "general-of", "x+y", "ё")


@attrs.frozen
class Town:
    """The same municipality twice: as the service stores it, and as the engine orders its journal."""

    settings: Settings
    journal: Journal
    ordered: dict[str, Queues]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Return a PostgreSQL; without one the tests fail, they are not left out."""
    with server() as found:
        yield found


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Return the address of a new database of each kind, with the tables of this version."""
    if request.param == "postgresql":
        found: Server = request.getfixturevalue("postgres")
        return found.new_database()
    database = open_database(tmp_path / "new.sqlite")
    migrate(database)
    database.close()
    return tmp_path / "new.sqlite"


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    """Return a new database of each kind."""
    database = open_database(address)
    yield database
    database.close()


@pytest.fixture
def towns(database: Database) -> Towns:
    """Return the municipalities of a process."""
    return Towns(database)


@pytest.fixture
def ledger(towns: Towns) -> Iterator[Ledger]:
    """Return what writes into their journals."""
    ledger = Ledger(towns)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Return a stored municipality, and its queues ordered by the engine from the exported journal."""
    folder = tmp_path_factory.mktemp("town")
    settings = Settings(folder / "town.sqlite", APPLICATIONS, SEED, rules=RULES, secret=folder / "secret.key")
    make_example(settings.database, RULES, applications=APPLICATIONS, seed=SEED)
    database = open_database(settings.database)
    export_journal(database, MUNICIPALITY, folder / "journal.jsonl")
    database.close()
    journal = read_journal(folder / "journal.jsonl")
    state = replay(journal, known_rules([RULES]))
    assert state.day is not None
    ordered = {}
    for service in sorted({each.service for each in state.programmes.values()}):
        rules = state.rule_set(service)
        tables = state.tables(rules.vocabulary, service)
        ordered[service] = order(tables, rules, day_to_date(state.day), state.dates(service))
    return Town(settings, journal, ordered)


@pytest.fixture(scope="session")
def app(town: Town) -> Litestar:
    """Return the service over the small municipality."""
    return create_app(town.settings)


@pytest.fixture(scope="session")
def client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    """Return a client of the service over the small municipality."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def college(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Return a client over a college: three applicants in each queue, best average last in number."""
    settings = Settings(tmp_path / "college.sqlite", rules=RULES, secret=tmp_path / "secret.key")
    database = open_database(settings.database)
    migrate(database)
    ledger = Ledger(Towns(database))
    rules = load_rules(RULES / "region-74" / "college.yaml")
    by: dict[str, Any] = {"at": 1_786_867_200_000, "actor": "operator:1"}
    wishes = [Wish(programme) for programme in HARD_IDS]
    events: list[Event] = [
        DayAdvanced(date_to_day(date(2026, 8, 16)), **by),
        RulesPublished(rules_digest(rules), "college", **by),
        *(ProgrammeOpened(programme, service="college", **by) for programme in HARD_IDS),
    ]
    for number, average in ((1, 46_600), (2, 46_667), (3, 46_700)):
        facts = {"grade.average": average}
        events += [
            Filed(str(number), number, 1_782_000_000 + number, facts, wishes, "college", **by),
            *(Reviewed(str(number), outcome, **by) for outcome in ("taken", "registered")),
        ]
    ledger.append(MUNICIPALITY, events)
    ledger.close()
    database.close()
    with TestClient(create_app(settings)) as client:
        yield client
