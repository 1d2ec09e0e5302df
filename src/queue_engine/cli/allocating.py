"""The command `allocate`: a market file → who is placed where."""

from __future__ import annotations

import json
from pathlib import Path

import click

from queue_engine.allocation import MECHANISMS, PROGRAMME_PROPOSING, Market, MarketError, Matching, read_markets
from queue_engine.allocation import allocate as run
from queue_engine.cli.console import FILE, refusing
from queue_engine.errors import Problem

_PROPOSING = "deferred-acceptance"


@click.command()
@click.argument("market_file", metavar="MARKET.json", type=FILE)
@click.option(
    "--mechanism",
    type=click.Choice(tuple(MECHANISMS)),
    default=_PROPOSING,
    show_default=True,
    help="How places are given.",
)
@click.option(
    "--proposing",
    type=click.Choice(("applicants", "programmes")),
    help=f"Who proposes in {_PROPOSING}; applicants, if not given.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer here; standard output otherwise."
)
def allocate(market_file: Path, mechanism: str, proposing: str | None, out: Path | None) -> None:
    """Place the applicants of a market, or of each market in {"instances": […]}.

    The answer is {"matching": {applicant: programme or null}}, or a list of such answers.
    """
    if proposing is not None and mechanism != _PROPOSING:
        raise click.UsageError(f"--proposing is for {_PROPOSING} only; {mechanism} has no sides to choose from")
    chosen = PROGRAMME_PROPOSING if proposing == "programmes" else MECHANISMS[mechanism]
    with refusing():
        markets = read_markets(market_file.read_bytes(), str(market_file))
        if isinstance(markets, Market):
            text = _text(_answer(run(markets, chosen, str(market_file))))
        else:
            answers: list[object] = []
            problems: list[Problem] = []
            for index, market in enumerate(markets):
                try:
                    answers.append(_answer(run(market, chosen, f"{market_file}: instances[{index}]")))
                except MarketError as error:
                    problems += error.problems
            if problems:
                raise MarketError(problems)
            text = _text(answers)
        if out is not None:
            out.write_text(text, encoding="utf-8", newline="\n")
    if out is None:
        click.echo(text, nl=False)


def _answer(matching: Matching) -> dict[str, object]:
    """Return the matching as the answer has it."""
    return {"matching": dict(matching.placed)}


def _text(answer: object) -> str:
    """Return an answer as the text of a file."""
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
