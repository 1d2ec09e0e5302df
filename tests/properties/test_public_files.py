"""What the engine publishes, the stand-alone verifier accepts: two programs that share no line agree on every order."""

from __future__ import annotations

import tempfile

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.test_ledger import pasts

from queue_engine.publication import write_public_files
from queue_engine.verification import verify


@given(st.data())
def test_public_files_of_any_history_verify(data: st.DataObject) -> None:
    """Every order and every change of a place is derived anew by naive code from the specification, and is the same."""
    past = data.draw(pasts(moving=data.draw(st.booleans())))
    with tempfile.TemporaryDirectory() as folder:
        assert write_public_files(past.journal, past.rules, folder) == []
        assert verify(folder) == []
