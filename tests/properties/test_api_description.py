"""The description of the API against the API: requests drawn from it are never our fault, and answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import response_schema_conformance
from tests.service.conftest import RULES
from tests.service.live import listening

from service.app import create_app
from service.enrolment.seeding import DEMO_PASSWORD, make_example
from service.settings import Settings

ROLES = ("officer", "parent", "commission", "operator")
EXAMPLES = 12


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a service over an example listens, which drawn requests may change."""
    folder = tmp_path_factory.mktemp("described")
    made = Settings(folder / "town.sqlite", 120, 9, rules=RULES, secret=folder / "secret.key")
    make_example(made.database, RULES, applications=120, seed=9)
    with listening(create_app(made)) as found:
        yield found


@pytest.fixture(scope="module")
def secrets(address: str) -> dict[str, str]:
    """Return the secret of a program for each of some roles."""
    with httpx.Client(base_url=address) as client:
        client.get("/api/me")
        client.headers["x-csrf-token"] = client.cookies["csrf"]
        client.post("/api/sign-in", json={"login": "operator", "password": DEMO_PASSWORD})
        accounts = {each["login"]: each["id"] for each in client.get("/api/accounts").json()}
        return {login: client.post(f"/api/accounts/{accounts[login]}/programs").json()["secret"] for login in ROLES}


def asked(operation: Any, headers: dict[str, str]) -> list[str]:  # noqa: ANN401 - of the library
    """Ask an operation with drawn requests, and return the answers that its description does not tell."""
    faults: list[str] = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    def ask(case: Any) -> None:  # noqa: ANN401 - of the library
        answer = case.call(headers=headers)
        if answer.status_code >= 500 or str(answer.status_code) not in operation.definition.raw["responses"]:
            faults.append(f"{operation.label}: {answer.status_code} {answer.text[:200]}")
            return
        try:
            case.validate_response(answer, checks=[response_schema_conformance])
        except Exception as error:  # noqa: BLE001 - every kind of failure is reported alike
            faults.append(f"{operation.label}: {error}")

    ask()
    return faults


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("login", ROLES)
def test_what_is_drawn_from_the_description_is_answered_as_it_says(
    address: str, secrets: dict[str, str], login: str
) -> None:
    """Whatever fits the description, or nearly does: no failure of ours, no status and no body it does not tell."""
    description: Any = schemathesis.openapi.from_url(f"{address}/schema/openapi.json")
    headers = {"Authorization": f"Bearer {secrets[login]}"}
    operations = [result.ok() for result in description.get_all_operations()]
    # Texts that are drawn are no paths; the tests of queues try hard ones.
    plain = [each for each in operations if "{programme}" not in each.path[-12:] and not each.path.endswith("{file}")]
    assert len(plain) > 40
    plain.sort(key=lambda each: each.path.endswith(("/sign-out", "/role")))  # they end the secret that asks
    assert [fault for operation in plain for fault in asked(operation, headers)] == []
