"""Commands on rule files: check | test-rules | show."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from queue_engine.cases.report import CaseReport, check_cases
from queue_engine.cli.console import FILE, LANG, PATHS, Day, exit_with, print_problems, refusing
from queue_engine.errors import Problem, errors_of
from queue_engine.facts import date_to_day
from queue_engine.rules.check import check_library, load_rules, unchecked_bases
from queue_engine.rules.loading import RuleLibrary, read_library
from queue_engine.rules.readback import page


@click.command()
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.option("--bases", is_flag=True, help="List the legal bases nobody has compared with the official text yet.")
def check(paths: tuple[Path, ...], as_json: bool, bases: bool) -> None:  # noqa: FBT001
    """Report every problem of rule files and folders."""
    with refusing():
        _check(paths, as_json=as_json, bases=bases)


def _check(paths: tuple[Path, ...], *, as_json: bool, bases: bool) -> None:
    library = read_library(paths)
    problems = check_library(library)
    unread = [
        {"rules": name, "address": address, "basis": str(basis), "file": basis.place.file, "line": basis.place.line}
        for name, address, basis in (unchecked_bases(library.rule_sets.values()) if bases else ())
    ]
    if as_json:
        found: Any = [problem.as_json() for problem in problems]
        click.echo(json.dumps({"problems": found, "bases": unread} if bases else found, ensure_ascii=False, indent=1))
    else:
        print_problems(problems)
        for row in unread:
            click.echo(f"{row['file']}:{row['line']}: {row['rules']} {row['address']}: {row['basis']}: not checked")
        if bases:
            click.echo(f"{len(unread)} legal bases nobody has compared with the official text")
        click.echo(_count(library, problems))
    exit_with(problems)


@click.command("test-rules")
@PATHS
def test_rules(paths: tuple[Path, ...]) -> None:
    """Run the tests that stand beside rules, with coverage and mutation."""
    library = read_library(paths)
    problems = check_library(library)
    if not errors_of(problems):
        report = check_cases(library)
        problems = sorted({*problems, *report.problems})
        print_problems(problems)
        click.echo(_tried(report))
    else:
        print_problems(problems)
    exit_with(problems)


@click.command()
@click.argument("file", type=FILE)
@click.option("--on", type=Day(), required=True, help="The day.")
@LANG
def show(file: Path, on: date, lang: str) -> None:
    """Read the rules in force on a day back in words: the page an officer signs."""
    with refusing():
        click.echo("\n".join(page(load_rules(file), date_to_day(on), lang)))


def _count(library: RuleLibrary, problems: list[Problem]) -> str:
    errors = len(errors_of(problems))
    files = len(library.sources)
    return (
        f"{files} files: {errors} errors, {len(problems) - errors} warnings"
        if problems
        else f"{files} files: no problems"
    )


def _tried(report: CaseReport) -> str:
    covered, conditions = report.covered
    noticed, mutants = report.noticed
    return (
        f"{report.cases} cases, {report.failed} failed; "
        f"{covered} of {conditions} conditions seen both to hold and to fail; "
        f"{noticed} of {mutants} changed rules noticed"
    )
