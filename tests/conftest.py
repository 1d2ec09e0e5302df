"""What every test may use: Hypothesis profiles and the instances with known answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def present_or_skip(folder: Path, *, in_ci: bool) -> Path:
    """Return a folder that is kept beside the project; without it skip the test, but fail it in CI."""
    if folder.is_dir():
        return folder
    if in_ci:
        pytest.fail(f"{folder} is absent; CI has to lay it beside the project")
    pytest.skip(f"{folder} is absent")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of instances with known answers, kept beside the project."""
    return present_or_skip(ROOT.parent / "shared" / "data", in_ci=bool(os.environ.get("CI")))
