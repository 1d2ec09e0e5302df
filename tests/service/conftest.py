"""A small municipality behind the service, and queues whose ids are hard to put into an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.databases import KINDS, Server, server

from queue_engine import Queues, load_rules, order, read_tables, write_example
from queue_engine.example import SERVICES
from service.app import create_app
from service.db import Address, Database, open_database
from service.enrolment.handlers import QueueBoard
from service.enrolment.seeding import make_example
from service.enrolment.writing import Ledger, Towns
from service.migrating import migrate
from service.models import Application, Programme, Record, Service, Wish
from service.settings import Settings

RULES = Path(__file__).parent.parent.parent / "rules"
APPLICATIONS = 150
SEED = 7
HARD_IDS = ("9 кл./сварщики 50%", "a?b#c&d", "general-of", "x+y", "ё")


@attrs.frozen
class Town:
    """The same municipality twice: as the service stores it, and as the engine orders its files."""

    settings: Settings
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
    """Return a stored municipality, and its queues ordered from the files it was stored from."""
    folder = tmp_path_factory.mktemp("town")
    settings = Settings(folder / "town.sqlite", APPLICATIONS, SEED, rules=RULES, secret=folder / "secret.key")
    make_example(settings.database, RULES, applications=APPLICATIONS, seed=SEED)
    write_example(folder, applications=APPLICATIONS, seed=SEED)
    ordered = {}
    for service in SERVICES:
        rules = load_rules(RULES / f"{service.rules}.yaml")
        names = ("entries", "applications", "documents", "programmes")
        files = {name: folder / service.name / f"{name}.csv" for name in names}
        tables = read_tables(rules.vocabulary, **files)
        ordered[service.name] = order(tables, rules, service.on, service.dates)
    return Town(settings, ordered)


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
def college(tmp_path: Path) -> Iterator[Database]:
    """Return a database of one college service: three applicants in each queue, best average last in number."""
    database = open_database(tmp_path / "college.sqlite")
    with database.writing() as session:
        Record.metadata.create_all(session.connection())
        session.add(
            Service(id="college", rank=1, rules="region-74/college", on_day=date(2026, 8, 16), dates={}, version=1)
        )
        session.flush()
        for programme in HARD_IDS:
            session.add(
                Programme(service="college", id=programme, organisation="", title="", capacity=None, takes="", facts={})
            )
        for number, average in (("1", "4.66"), ("2", "14/3"), ("3", "4.67")):
            facts = {
                "application.active": "yes",
                "application.submitted_at": f"2026-07-0{number} 10:00:00",
                "grade.average": average,
            }
            session.add(Application(service="college", number=number, facts=facts))
        session.flush()
        for number in "123":
            for rank, programme in enumerate(HARD_IDS, start=1):
                session.add(Wish(service="college", application=number, wish=rank, programme=programme, facts={}))
    yield database
    database.close()


@pytest.fixture
def college_board(college: Database) -> QueueBoard:
    """Return the queues of the college."""
    return QueueBoard(college, RULES)


@pytest.fixture
def college_client(college: Database, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Return a client of the service over the college; what the database gets later, the service sees."""
    settings = Settings(tmp_path / "college.sqlite", rules=RULES, secret=tmp_path / "secret.key")
    with TestClient(create_app(settings)) as client:
        yield client
