"""The command `whatif`: the same children under draft rules, other places or another mechanism, compared."""

from __future__ import annotations

import json
import sys
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console
from rich.table import Table

from queue_engine.allocation import MECHANISMS
from queue_engine.catalogue import translations
from queue_engine.cli.console import FILE, LANG, refusing
from queue_engine.cli.tables import table_options
from queue_engine.reports import write_csv
from queue_engine.rounds.other_mechanisms import IN_FORCE
from queue_engine.rounds.redrawing import Lottery
from queue_engine.rounds.whatif import EXAMPLE_COLUMNS, KINDS, LABELS, NOW, SHORT, THEN, WhatIf
from queue_engine.rounds.whatif_picture import picture
from queue_engine.rounds.whatif_scenarios import Scenario, Setting, TableFiles, run_scenario

_MOST_PROGRAMMES = 15
_OPTIONS = (
    click.option("--places", type=FILE, required=True, help="CSV, one row a programme: programme, places."),
    click.option("--together", type=FILE, help="CSV, application, with: who goes together or to the next wish."),
    click.option("--others", type=FILE, help="CSV, programme, other, order: what may be offered besides wishes."),
    click.option("--draft-rules", type=FILE, help="The rule file of the draft; that in force, if not given."),
    click.option("--draft-places", type=FILE, help="The places of the draft; those in force, if not given."),
    click.option("--mechanism", type=click.Choice(tuple(MECHANISMS)), default=IN_FORCE, show_default=True),
    click.option("--seed", help="64 digits 0-9 a-f: let numbers drawn from them decide in the draft."),
    click.option("--draw-from", default="", metavar="STEP", help="With --seed: from which step on; else the last."),
    click.option("--picture", "drawn", type=click.Path(path_type=Path, dir_okay=False), help="Draw it here, as SVG."),
    click.option("--json", "as_json", is_flag=True, help="All of it, as JSON, with everybody who moves."),
    click.option("--csv", "as_csv", is_flag=True, help="The figures as CSV."),
    LANG,
)


def _with_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators
    for option in reversed(_OPTIONS):
        command = option(command)
    return table_options(command)


@click.command()
@_with_options
def whatif(*, drawn: Path | None, as_json: bool, as_csv: bool, lang: str, **given: Any) -> None:
    """Compare a round with a draft: who gains or loses, by step and group, and what it costs.

    The draft has other rules, other places or another mechanism, or draws by lot; what is not given is as in force.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    scenario = _scenario(**given)
    with refusing():
        found = run_scenario(scenario)
        if drawn is not None:
            drawn.write_text(picture(found, lang), encoding="utf-8", newline="\n")
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    elif as_csv:
        write_csv(found.rows(), sys.stdout)
    else:
        _tell(found, lang)


def _scenario(
    *,
    rules_file: Path,
    entries: Path | None,
    on: date | None,
    dates: tuple[tuple[str, date], ...],
    places: Path,
    mechanism: str,
    seed: str | None,
    draw_from: str,
    **files: Path | None,
) -> Scenario:
    """Return what the options describe.

    Raises:
        UsageError: an option that is needed is not given.

    """
    if entries is None or on is None:
        raise click.UsageError(f"Missing option '{'--entries' if entries is None else '--on'}'.")
    if draw_from and seed is None:
        raise click.UsageError("--draw-from says where a draw decides; give its --seed too")
    path = {name: None if file is None else str(file) for name, file in files.items()}
    base = Setting(str(rules_file), str(places))
    draft = attrs.evolve(
        base,
        rules=path["draft_rules"] or base.rules,
        places=path["draft_places"] or base.places,
        mechanism=mechanism,
        lottery=None if seed is None else Lottery(seed, draw_from),
    )
    tables = TableFiles(str(entries), path["applications"], path["documents"], path["programmes"])
    others = {"together": path["together"] or "", "others": path["others"] or ""}
    return Scenario("", tables, on, base, draft, dict(dates), **others)


def _tell(found: WhatIf, lang: str) -> None:
    """Print a comparison for people: figures, then who moves by step and group, then envy."""
    say = translations(lang).gettext
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(_figures(found, lang))
    console.print(_groups(found, lang))
    if found.envy:
        console.print(_envy(found, lang))
    if found.examples:
        table = Table(*map(say, EXAMPLE_COLUMNS), title=say("for example, refused and placed behind"))
        for each in found.examples:
            table.add_row(*each)
        console.print(table)
    if found.left_out:
        console.print(
            say("The mechanism of the draft knows nothing of: {what}.").format(what=", ".join(map(say, found.left_out)))
        )


def _figures(found: WhatIf, lang: str) -> Table:
    say = translations(lang).gettext
    table = Table(title=say("What if"))
    for number, column in enumerate(("", say(NOW), say(THEN), "±")):
        table.add_column(column, justify="right" if number else "left")
    figures = attrs.asdict(found.now), attrs.asdict(found.then)
    for name, now in figures[0].items():
        then = figures[1][name]
        table.add_row(say(LABELS[name]), f"{now:,}", f"{then:,}", f"{then - now:+,}" if then != now else "")
    rates = found.now.first_rate, found.then.first_rate
    shown = (f"{rate.numerator * 1000 // rate.denominator}" for rate in rates)
    table.add_row(say("dearest wishes, per thousand"), *shown, "")
    return table


def _groups(found: WhatIf, lang: str) -> Table:
    """Return who moves, by step and group."""
    say = translations(lang).gettext
    table = Table(title=say("who moves, by the best group at any wish"))
    for number, column in enumerate((say("step, group"), *(say(SHORT[kind]) for kind in KINDS))):
        table.add_column(column, justify="right" if number else "left")
    table.add_row(say("all"), *(f"{found.counts[kind]:,}" for kind in KINDS))
    for _, groups in groupby(found.parted, key=lambda each: each.step):
        table.add_section()
        for number, each in enumerate(groups):
            if not number:
                table.add_row(each.title[0].in_language(lang), style="bold")
            table.add_row(f"  {each.title[1].in_language(lang)}", *(f"{each.counts[kind]:,}" for kind in KINDS))
    return table


def _envy(found: WhatIf, lang: str) -> Table:
    """Return the programmes with most envy."""
    say = translations(lang).gettext
    more = len(found.envy) - _MOST_PROGRAMMES
    caption = say("and {n} programmes more; --csv tells all").format(n=more) if more > 0 else None
    table = Table(say("programme"), say(NOW), say(THEN), title=say(LABELS["envy"]), caption=caption)
    worst = sorted(found.envy.items(), key=lambda each: (-max(each[1]), each[0]))
    for programme, counts in worst[:_MOST_PROGRAMMES]:
        table.add_row(programme, *(f"{count:,}" for count in counts))
    return table
