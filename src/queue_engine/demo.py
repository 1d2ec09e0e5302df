"""The main job on the example municipality: one queue, one place with its reasons, and where the files are.

Run by `make demo`; a developer's first look, and the shortest example of how the parts are joined.
"""

from __future__ import annotations

from pathlib import Path

from rich.bar import Bar
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from queue_engine.example import Written, explain_command, write_example
from queue_engine.explanation import Own, Standing, public_parts, standing
from queue_engine.ordering import order
from queue_engine.queue import Queue
from queue_engine.reports import queue_rows, write_csv
from queue_engine.rules.check import load_rules
from queue_engine.rules.model import RuleSet, Step, StepKind
from queue_engine.tables.reading import read_tables
from queue_engine.wording import standing_for_parent

FOLDER = Path("var/example")
RULES = Path("rules")
SHOWN = 12
_BAR_WIDTH = 30
_WIDTH = 100
_DATE_LETTERS = 10


def main(folder: Path = FOLDER) -> None:
    """Make the example, order it, and print what an officer and a parent would read."""
    console = Console(width=_WIDTH)  # the same picture on every screen
    town = write_example(folder)
    written = town.services[0]
    rules = load_rules(_rule_file(written))
    tables = read_tables(
        rules.vocabulary,
        entries=written.folder / "entries.csv",
        applications=written.folder / "applications.csv",
        documents=written.folder / "documents.csv",
        programmes=written.folder / "programmes.csv",
    )
    queues = order(tables, rules, written.service.on, dict(written.service.dates))
    out = folder / "queues.csv"
    with out.open("w", encoding="utf-8", newline="") as file:
        write_csv(queue_rows(queues), file)

    queue = max(queues.values(), key=lambda each: (len(each), each.id))
    console.print(_queue_table(queue, rules))
    place = standing(queue, queue.at(len(queue) * 2 // 3))
    console.print(_picture(place))
    for lang, title in (("ru", "Что прочитает семья"), ("en", "What the family reads")):
        console.print(Panel("\n".join(standing_for_parent(place, lang)), title=title, title_align="left"))
    console.print(_where(written, out, place), soft_wrap=True, highlight=False)


def _rule_file(written: Written) -> Path:
    return RULES / f"{written.service.rules}.yaml"


def _queue_table(queue: Queue, rules: RuleSet) -> Table:
    """Return the head of a queue: what each application has at each step, and which step put it there."""
    title = f"{queue.title.ru} · {len(queue)} · {rules.title.ru}"
    table = Table(title=title, title_justify="left", caption=f"… +{len(queue) - SHOWN}", caption_justify="left")
    steps = rules.order[:-1]
    for heading in ("место", "заявление", *(step.id for step in steps), "решает"):
        table.add_column(heading, no_wrap=True)
    head = zip(queue.applications(1, SHOWN), queue.decided_by(), strict=False)
    for position, (application, decider) in enumerate(head, start=1):
        own = standing(queue, application).own
        cells = [_cell(step, each) for step, each in zip(steps, own, strict=False)]
        table.add_row(str(position), application, *cells, decider)
    return table


def _cell(step: Step, own: Own) -> str:
    if step.kind is StepKind.GROUPS:
        group = next(each for each in step.groups if each.id == own.group)
        return "—" if group.everyone_else else group.title.ru.partition(" ")[0]
    return {"yes": "да", "no": "—"}.get(own.group, own.value[:_DATE_LETTERS])


def _picture(place: Standing) -> Panel:
    """Return who is ahead, by what decides, as bars."""
    parts = public_parts(place)
    grid = Table.grid(padding=(0, 1))
    for part in parts:
        bar = Bar(place.position - 1, 0, part.count, width=_BAR_WIDTH)
        grid.add_row(bar, str(part.count), part.title.ru)
    title = f"Кто впереди заявления {place.application}: {place.position - 1} из {place.total}"
    return Panel(grid, title=title, title_align="left")


def _where(written: Written, out: Path, place: Standing) -> Group:
    file, on = _rule_file(written), written.service.on
    return Group(
        Text("Where the files are", style="bold"),
        f"  tables       {written.folder}/*.csv",
        f"  all cases    {written.folder.parent}/README.md: four services, and the applicants put in on purpose",
        f"  every queue  {out}",
        f"  rules        {file}, its tests beside it",
        "",
        Text("Try next", style="bold"),
        f"  .venv/bin/queue-engine show {file} --on {on}",
        "  .venv/bin/queue-engine check rules",
        "  .venv/bin/queue-engine test-rules rules",
        f"  .venv/bin/{explain_command(written, int(place.application))}",
    )


if __name__ == "__main__":
    main()
