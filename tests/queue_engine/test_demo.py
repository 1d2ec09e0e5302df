"""The first look at the project shows the main job whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_engine import demo


def test_the_demo_shows_a_queue_a_place_in_two_languages_and_where_the_files_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `make run` prints names the queue, the reasons in Russian and English, and files that exist."""
    demo.main(tmp_path / "town")
    told = capsys.readouterr().out
    for part in ("решает", "Кто впереди", "Впереди", "applications are ahead", "Where the files are"):
        assert part in told
    assert (
        (tmp_path / "town" / "queues.csv")
        .read_text(encoding="utf-8")
        .startswith("queue,position,application,decided_by")
    )
    assert sorted(path.name for path in (tmp_path / "town" / "kindergarten").iterdir()) == [
        "applications.csv",
        "documents.csv",
        "entries.csv",
        "programmes.csv",
    ]
