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
from queue_engine.verification.documents import load

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


def test_the_digest_covers_what_becomes_of_equals(tmp_path: Path) -> None:
    """A document tells it for the days on which it is not the usual; else it is as if nothing were said."""
    facts = (RULES / "facts.yaml").read_text(encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    head = "rules: 1\nid: k\nlevel: region\ntitle: {ru: Сад, en: Garden}\n"
    number = "order: [{id: number, title: {ru: номер, en: number}, lowest: application.number}]\n"
    (tmp_path / "town.yaml").write_text(
        "rules: 1\nid: town\nlevel: municipality\nextends: k\ntitle: {ru: Город, en: Town}\nchanges:\n"
        "  - {replace: ties, with: lottery, in_force: {from: 2026-01-01}, basis: [{act: А}]}\n",
        encoding="utf-8",
    )
    found = {}
    for name in ("", "lottery", "overfill", "underfill"):
        (tmp_path / "k.yaml").write_text(head + (f"ties: {name}\n" if name else "") + number, encoding="utf-8")
        found[name] = read_rules(tmp_path / "k.yaml")
        (version,) = json.loads(rule_document(found[name]))["versions"]
        assert version.get("ties", "lottery") == (name or "lottery")
        assert load(json.loads(rule_document(found[name])))[1] == []
    assert rule_document(found[""]) == rule_document(found["lottery"])
    assert len({rules_digest(rules) for rules in found.values()}) == 3
    before, after = json.loads(rule_document(read_rules(tmp_path / "town.yaml")))["versions"]
    assert (before["ties"], "ties" in after) == ("underfill", False)


def test_another_rule_has_another_digest() -> None:
    """Rule sets that differ in anything a family could meet are known by different names."""
    digests = {rules_digest(read_rules(path)) for path in FILES}
    assert len(digests) == len(FILES)
