"""Settings: what variables give, and every mistake in them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings, SettingsError


def test_nothing_given_means_the_defaults() -> None:
    """Without variables the service serves an example municipality on this machine."""
    assert Settings.from_environment({}) == Settings()
    assert Settings().host == "127.0.0.1"


def test_every_variable_is_read() -> None:
    """Each setting has a variable, whose value is trimmed; other programs' variables are left alone."""
    given = {
        "QUEUE_SERVICE_DATABASE": " a.sqlite ",
        "QUEUE_SERVICE_APPLICATIONS": "500",
        "QUEUE_SERVICE_SEED": "3",
        "QUEUE_SERVICE_HOST": "::1",
        "QUEUE_SERVICE_PORT": "0",
        "QUEUE_SERVICE_RULES": "my/rules",
        "PORT": "nothing of ours",
    }
    assert Settings.from_environment(given) == Settings(Path("a.sqlite"), 500, 3, "::1", 0, Path("my/rules"))


def test_a_database_is_a_file_or_the_address_of_a_server() -> None:
    """What has the form of an address stays a text, all else is a path."""
    address = "postgresql+psycopg://u@h/d"
    assert Settings.from_environment({"QUEUE_SERVICE_DATABASE": address}).database == address
    assert Settings.from_environment({"QUEUE_SERVICE_DATABASE": "a:b"}).database == Path("a:b")


def test_every_mistake_is_named_at_once() -> None:
    """One start tells everything that has to be mended, each with what to write."""
    given = {"QUEUE_SERVICE_PORT": "80a", "QUEUE_SERVICE_DATABSE": "x", "QUEUE_SERVICE_RULES": " "}
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(given)
    assert str(raised.value).splitlines() == [
        "QUEUE_SERVICE_DATABSE is not a variable of this service; did you mean QUEUE_SERVICE_DATABASE?",
        'QUEUE_SERVICE_PORT: "80a" is not a whole number from 0 to 65535; write it like 0',
        "QUEUE_SERVICE_RULES is empty; give a value or unset it",
    ]


def test_a_variable_far_from_every_other_is_told_all_of_them() -> None:
    """Where no name is near, the remedy lists them."""
    with pytest.raises(SettingsError, match="the variables are QUEUE_SERVICE_DATABASE, "):
        Settings.from_environment({"QUEUE_SERVICE_WINDOW": "x"})


@pytest.mark.parametrize("text", ["-1", "65536", "1.5", "", "٣", "9" * 5_000])
def test_a_number_out_of_its_range_is_refused(text: str) -> None:
    """Only whole numbers in ASCII digits and within the bounds are numbers."""
    with pytest.raises(SettingsError, match="QUEUE_SERVICE_PORT"):
        Settings.from_environment({"QUEUE_SERVICE_PORT": text})
