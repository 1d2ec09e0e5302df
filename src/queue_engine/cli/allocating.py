"""The command allocate: a market from a file, a mechanism by name, the matching."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from queue_engine.allocation.deferred_acceptance import deferred_acceptance, programme_proposing_deferred_acceptance
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Market, MarketError, Matching
from queue_engine.allocation.reading import read_markets
from queue_engine.allocation.serial_dictatorship import common_order, serial_dictatorship
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles
from queue_engine.allocation.top_trading_cycles import top_trading_cycles
from queue_engine.cli.console import FILE, refusing
from queue_engine.errors import Place, Problem


def _in_common_order(market: Market) -> Matching:
    order = common_order(market)
    if order is None:
        message = "two programmes rank applicants against each other, so that there is no common order"
        remedy = "use deferred-acceptance, which needs none"
        raise MarketError([Problem(Place("market", field="priorities"), "A040", message, remedy)])
    return serial_dictatorship(market, order)


MECHANISMS: Mapping[str, Callable[[Market], Matching]] = {
    "deferred-acceptance": deferred_acceptance,
    "serial-dictatorship": _in_common_order,
    "immediate-acceptance": immediate_acceptance,
    "top-trading-cycles": top_trading_cycles,
    "efficiency-adjusted": efficiency_adjusted,
    "stable-improvement-cycles": stable_improvement_cycles,
}


@click.command()
@click.argument("market", type=FILE)
@click.option("--mechanism", type=click.Choice(list(MECHANISMS)), default="deferred-acceptance", show_default=True)
@click.option("--proposing", type=click.Choice(["applicants", "programmes"]), default="applicants", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Standard output otherwise.")
def allocate(market: Path, mechanism: str, proposing: str, out: Path | None) -> None:
    """Give the places of a market: who is placed where, by the mechanism named."""
    if proposing == "programmes" and mechanism != "deferred-acceptance":
        raise click.UsageError("--proposing programmes is a way of deferred-acceptance only.")
    with refusing():
        read = read_markets(market.read_bytes(), str(market))
        solve = programme_proposing_deferred_acceptance if proposing == "programmes" else MECHANISMS[mechanism]
        if isinstance(read, Market):
            answer: object = {"matching": dict(solve(read).placed)}
        else:
            answer = [{"matching": dict(solve(each).placed)} for each in read]
        written = json.dumps(answer, ensure_ascii=False, indent=1)
        if out is None:
            click.echo(written)
        else:
            out.write_text(written + "\n", encoding="utf-8", newline="\n")
