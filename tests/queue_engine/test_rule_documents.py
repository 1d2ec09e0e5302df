from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from queue_engine.facts import FactType
from queue_engine.rule_documents import rule_document, rules_digest
from queue_engine.rules.amendments import effective
from queue_engine.rules.conditions import Compare, atoms
from queue_engine.rules.loading import read_rules
from queue_engine.rules.parsing import parse_condition

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(path for path in RULES.glob("region-74/**/*.yaml") if not path.name.endswith(".test.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RULES).as_posix())
def test_conditions_of_a_document_read_back_as_those_in_force(path: Path) -> None:
    """On the first day of every span the published texts say what the rules say, unless they name a time."""
    rules = read_rules(path)
    facts = rules.vocabulary.facts
    for version in json.loads(rule_document(rules))["versions"]:
        in_force = effective(rules, version.get("first", version.get("last", 20_000)))
        written = [item["when"] for item in version["eligible"]]
        meant = [item.when for item in in_force.eligible]
        for step, published in zip(in_force.order, version["order"], strict=True):
            assert (step.id, step.kind.value) == (published["id"], published["kind"])
            assert [group.id for group in step.groups] == [group["id"] for group in published.get("groups", ())]
            meant += [ground.when for _, ground in step.grounds()]
            written += [ground["when"] for ground in published.get("grounds", ())]
            meant += [step.condition] if step.condition is not None else []
            written += [published["when"]] if "when" in published else []
        assert len(written) == len(meant) > 0
        for text, condition in zip(written, meant, strict=True):
            if any(
                isinstance(atom, Compare) and facts[atom.fact].type is FactType.INSTANT for atom in atoms(condition)
            ):
                continue
            read = parse_condition(text, rules.vocabulary, (), lambda *problem: pytest.fail(str(problem)))
            assert read is not None
            assert read == condition


def test_spans_of_a_document_follow_each_other_without_gaps() -> None:
    """Every day on which the rules are in force lies in exactly one span, and effective rules agree within it."""
    rules = read_rules(RULES / "region-74" / "zlatoust" / "camp.yaml")
    versions = json.loads(rule_document(rules))["versions"]
    assert len(versions) == 3
    for before, after in pairwise(versions):
        assert before["last"] + 1 == after["first"]
    for version in versions:
        last = version.get("last", version["first"] + 1000)
        steps = [[step.id for step in effective(rules, day).order] for day in (version["first"], last)]
        assert steps[0] == steps[1] == [step["id"] for step in version["order"]]


def test_another_rule_has_another_digest() -> None:
    """Rule sets that differ in anything a family could meet are known by different names."""
    digests = {rules_digest(read_rules(path)) for path in FILES}
    assert len(digests) == len(FILES)
