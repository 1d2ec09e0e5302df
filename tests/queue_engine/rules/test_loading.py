"""Files find their vocabulary and what they extend; the problems of all of them come together."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.queue_engine.rules.conftest import BASE, FACTS, TOWN, Folder

from queue_engine import load_rules, read_library
from queue_engine.errors import RuleError
from queue_engine.rules.loading import RuleLibrary, read_rules

REPEAL = "  - repeal: sibling\n    basis: [{act: № 7}]\n"
VILLAGE = TOWN.replace("id: town", "id: village").replace("extends: k", "extends: town")


def codes(library: RuleLibrary) -> list[tuple[str, str, str]]:
    """Return file, code and message of all that was found wrong while reading."""
    return [(each.place.file, each.code, each.message) for each in library.problems]


def test_a_town_is_the_files_it_extends_and_its_own_changes(folder: Folder) -> None:
    """Two files in a chain: all changes in order, all citations, the title of the last."""
    region = BASE.replace("order:\n", "basis: [{act: № 1}]\norder:\n")
    folder.write("k.yaml", region)
    folder.write(
        "town.yaml",
        TOWN.replace("level: municipality", "level: region").replace("changes:", "basis: [{act: № 2}]\nchanges:")
        + REPEAL,
    )
    folder.write("k.yaml", region.replace("level: region", "level: federal"))
    path = folder.write("village.yaml", VILLAGE + REPEAL.replace("sibling", "number"))
    made = read_rules(path)
    assert (made.id, made.level, made.title.en) == ("village", "municipality", "Town")
    assert [(change.target, change.level) for change in made.changes] == [
        ("sibling", "region"),
        ("number", "municipality"),
    ]
    assert made.files == ("rules/k.yaml", "rules/town.yaml", "rules/village.yaml")
    assert [basis.act for basis in made.basis] == ["№ 1", "№ 2"]


@pytest.mark.parametrize(
    ("extends", "code", "message", "remedy"),
    [
        ("extends: kk", "Q040", "there is no rule file 'kk'", ""),
        ("extends: village", "Q040", "there is no rule file 'village'", ""),
        ("extends: tawn", "Q040", "there is no rule file 'tawn'", "did you mean 'town'?"),
        ("extends: town", "Q040", "'town' extends this file in turn", "a file cannot extend itself"),
        ("extends: ../k", "Q009", "'../k' is not a file id", "write it like region-74/kindergarten"),
        ("extends: [k]", "Q003", "'extends' must be one text", ""),
    ],
)
def test_a_file_extends_one_that_exists_and_is_not_itself(
    folder: Folder, extends: str, code: str, message: str, remedy: str
) -> None:
    """An absent file, a circle and a name that is no id are told at `extends`."""
    text = TOWN.replace("extends: k", extends) + REPEAL
    if code == "Q003":
        message = "an id must be one text"
    found = [each for each in folder.problems(text, "town.yaml") if each.place.line == 4]
    assert (code, message) in [(each.code, each.message) for each in found]
    if remedy:
        assert remedy in [each.remedy for each in found]


def test_two_files_that_extend_each_other_are_told_once(folder: Folder) -> None:
    """A circle of two ends the reading, not the program."""
    town = TOWN.replace("extends: k", "extends: village").replace("municipality", "region")
    folder.write("town.yaml", town + REPEAL)
    library = read_library([folder.write("village.yaml", VILLAGE + REPEAL)])
    assert codes(library) == [("rules/town.yaml", "Q040", "'village' extends this file in turn")]


def test_a_file_changes_only_rules_of_a_stronger_level(folder: Folder) -> None:
    """A region does not amend a region."""
    text = TOWN.replace("level: municipality", "level: region") + REPEAL
    [problem] = folder.problems(text, "town.yaml")
    assert (problem.code, problem.message, problem.source) == (
        "Q046", "a region file cannot change rules of the region level", "level: region",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (BASE.replace("rules: 1", "rules: 2"), "Q025", "format 2 is not known"),
        (BASE.replace("rules: 1\n", ""), "Q005", "a rule file must have 'rules'"),
        (BASE.replace("id: k\n", ""), "Q005", "a rule file must have 'id'"),
        (BASE.replace("order:", "ordr:"), "Q005", "a rule file must have 'order'"),
        (BASE.replace("order:", "ordr:"), "Q004", "'ordr' is not known in a rule file"),
        (BASE + "changes: []\n", "Q005", "a rule file must have 'extends'"),
        ("- a\n", "Q003", "a rule file is written as 'key: value' lines"),
        ("zzz: 1\n", "Q004", "'zzz' is not known in a rule file"),
        ("a: [\n", "Q001", "did not find expected node content"),
    ],
)
def test_what_is_no_rule_file_is_told(folder: Folder, text: str, code: str, message: str) -> None:
    """The version, the id and the sections are asked for; anything else is named."""
    found = [(each.code, each.message) for each in folder.problems(text)]
    assert any(each == (code, message) or (code == "Q001" == each[0]) for each in found), found


def test_an_id_that_is_not_the_path_is_a_warning(folder: Folder) -> None:
    """The file is read, and told which id its place gives it."""
    [problem] = folder.problems(BASE, "region/other.yaml")
    assert (problem.code, problem.severity, problem.remedy) == ("Q009", "warning", "write id: region/other")
    assert load_rules("rules/region/other.yaml").id == "k"


def test_two_files_cannot_share_an_id(folder: Folder) -> None:
    """The second file is told the path of the first."""
    folder.write("m.yaml", BASE)
    found = codes(read_library(["rules"]))
    assert ("rules/m.yaml", "Q009", "the id 'k' is already that of rules/k.yaml") in found


def test_rules_need_a_vocabulary_above_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without facts.yaml in the folder or above it nothing can be understood."""
    monkeypatch.chdir(tmp_path)
    Path("k.yaml").write_text(BASE, encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        read_rules("k.yaml")
    assert [(each.code, each.message) for each in refused.value.problems] == [
        ("Q028", "no facts.yaml in this folder or above it"),
    ]
    town = Path("town.yaml")
    town.write_text(TOWN + REPEAL, encoding="utf-8")
    assert [each.code for each in read_library([town]).problems] == ["Q028"]


def test_a_slip_of_the_vocabulary_is_told_once_for_all_files(folder: Folder) -> None:
    """Each facts.yaml is read once, however many files it serves."""
    folder.write("facts.yaml", FACTS + "colours: {}\n")
    folder.write("town.yaml", TOWN + REPEAL)
    assert [code for _, code, _ in codes(read_library(["rules"]))] == ["Q004"]


def test_an_absent_file_is_told_and_does_not_hide_the_others(folder: Folder) -> None:
    """A misspelt path on the command line is one problem more."""
    library = read_library(["rules/absent.yaml", "rules/k.yaml"])
    assert codes(library) == [("rules/absent.yaml", "Q001", "cannot be read: No such file or directory")]
    assert library.asked == ["k"]


def test_a_folder_gives_its_rule_files_and_tests_but_not_its_vocabulary(folder: Folder) -> None:
    """Tests beside rules are kept apart, in subfolders as well."""
    folder.write("k.test.yaml", "tests: 1\n")
    folder.write("far/away.test.yaml", "tests: 1\n")
    folder.write("town.yaml", TOWN + REPEAL)
    library = read_library(["rules"])
    assert library.asked == ["k", "town"]
    assert sorted(map(str, library.tests)) == ["rules/far/away.test.yaml", "rules/k.test.yaml"]


def test_a_file_brings_the_tests_beside_it(folder: Folder) -> None:
    """A rule file, a test file and a vocabulary may each be named alone."""
    folder.write("k.test.yaml", "tests: 1\n")
    assert read_library(["rules/k.yaml"]).tests == [Path("rules/k.test.yaml")]
    alone = read_library(["rules/k.test.yaml"])
    assert (alone.asked, alone.tests) == ([], [Path("rules/k.test.yaml")])
    vocabulary = read_library([folder.write("facts.yaml", FACTS + "colours: {}\n")])
    assert [code for _, code, _ in codes(vocabulary)] == ["Q004"]
    assert (vocabulary.asked, vocabulary.tests) == ([], [])


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    """An empty folder is more likely a slip than a wish."""
    assert codes(read_library([tmp_path])) == [(str(tmp_path), "Q028", "no rule files in this folder")]


def test_a_file_asked_for_twice_is_read_once(folder: Folder) -> None:
    """The same file by two paths is one rule set."""
    library = read_library(["rules/k.yaml", "rules/../rules/k.yaml", "rules"])
    assert (library.asked, library.problems) == (["k"], [])


@pytest.mark.parametrize(("start", "given"), [("rules", "k.yaml"), ("rules/far", "../k.yaml"), (".", "rules/k.yaml")])
def test_messages_show_paths_as_the_user_writes_them(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, start: str, given: str
) -> None:
    """Wherever one stands, the vocabulary is named relative to the path that was given."""
    folder.write("facts.yaml", FACTS + "colours: {}\n")
    (folder.root / "far").mkdir()
    monkeypatch.chdir(start)
    [(shown, *_)] = codes(read_library([given]))
    assert shown == given.replace("k.yaml", "facts.yaml")


def test_the_vocabulary_above_is_named_by_steps_upwards(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """From inside a subfolder the files above are shown with `..`."""
    folder.write("facts.yaml", FACTS + "colours: {}\n")
    folder.write("far/town.yaml", TOWN.replace("id: town", "id: far/town") + REPEAL)
    monkeypatch.chdir("rules/far")
    library = read_library(["town.yaml"])
    assert [shown for shown, *_ in codes(library)] == ["../facts.yaml"]
    assert library.rule_sets["far/town"].files == ("../k.yaml", "town.yaml")
