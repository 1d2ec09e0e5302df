"""Rule files and folders → rule sets; the problems of all files together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs
import yaml

from queue_engine.errors import Place, Problem, RuleError, errors_of
from queue_engine.facts import Vocabulary
from queue_engine.rules.changes import ChangeReader
from queue_engine.rules.model import ALWAYS_IN_FORCE, LEVELS, Change, NamedTerm, Period, RuleSet
from queue_engine.rules.reading import PartReader, file_id, file_level
from queue_engine.rules.shape import BASE_KEYS, LOCAL_KEYS
from queue_engine.rules.source import Node, SourceFile, read_source
from queue_engine.rules.vocabulary import FACTS_FILE, find_root, read_vocabulary
from queue_engine.spelling import nearest

FORMAT_VERSION = "1"
TEST_SUFFIX = ".test.yaml"


@attrs.define(eq=False)
class RuleLibrary:
    """Rule files that were read, and everything found wrong while reading.

    Args:
        rule_sets: by id; those with problems are there as far as they could be read.
        tests: paths of the test files found.
        problems: of every file, unsorted.
        asked: the ids of the files that were asked for, without those they extend.

    """

    rule_sets: dict[str, RuleSet] = attrs.field(factory=dict)
    tests: list[Path] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    asked: list[str] = attrs.field(factory=list)
    sources: dict[str, SourceFile] = attrs.field(factory=dict)
    _vocabularies: dict[Path, Vocabulary] = attrs.field(factory=dict)
    _by_path: dict[Path, RuleSet | None] = attrs.field(factory=dict)
    _reading: list[Path] = attrs.field(factory=list)

    def add(self, path: Path) -> RuleSet | None:
        """Read one rule file with all it extends; return it, or None when it is no rule file at all."""
        resolved = path.resolve()
        if resolved not in self._by_path:
            self._reading.append(resolved)
            self._by_path[resolved] = self._read(path)
            self._reading.pop()
        return self._by_path[resolved]

    def vocabulary(self, path: Path) -> Vocabulary | None:
        """Return the vocabulary that a rule file's folder, or one above it, holds; None after reporting its absence."""
        root = find_root(path.parent)
        if root is None:
            message = f"no {FACTS_FILE} in this folder or above it"
            self.problems.append(Problem(Place(str(path)), "Q028", message, "put the vocabulary beside the rule files"))
            return None
        if root not in self._vocabularies:
            source = self._source(_beside(path, root / FACTS_FILE))
            self._vocabularies[root] = read_vocabulary(source)
            self._collect(source)
        return self._vocabularies[root]

    def _source(self, path: Path) -> SourceFile:
        source = read_source(path)
        self.sources[source.name] = source
        return source

    def _collect(self, source: SourceFile) -> None:
        self.problems.extend(source.problems)

    def _read(self, path: Path) -> RuleSet | None:
        vocabulary = self.vocabulary(path)
        source = self._source(path)
        root = source.root() if not source.problems else None
        made = None
        if root is not None and vocabulary is not None:
            made = self._file(source, root, path, vocabulary)
        self._collect(source)
        if made is not None and made.id:
            twin = self.rule_sets.setdefault(made.id, made)
            if twin is not made:
                message = f"the id '{made.id}' is already that of {twin.files[-1]}"
                self.problems.append(Problem(Place(source.name), "Q009", message, "give each file its own id"))
        return made

    def _file(self, source: SourceFile, root: Node, path: Path, vocabulary: Vocabulary) -> RuleSet | None:
        keys = source.pairs(root, "a rule file") if isinstance(root, yaml.MappingNode) else {}
        local = "extends" in keys or "changes" in keys
        source.problems.clear()  # `mapping` below reports the same keys again, with what is known
        required, optional = LOCAL_KEYS if local else BASE_KEYS
        parts = source.mapping(root, "a rule file", required=required, optional=optional)
        if not parts:
            return None
        version = source.scalar(parts.get("rules"), "the format version").strip()
        if version and version != FORMAT_VERSION:
            source.report(
                "Q025", parts["rules"], f"format {version} is not known", remedy=f"write rules: {FORMAT_VERSION}"
            )
        name = file_id(source, parts.get("id"))
        self._check_id(source, parts.get("id"), name, path)
        level = file_level(source, parts.get("level"))
        if local:
            return self._local(source, parts, path, vocabulary, name, level)
        return _base(source, parts, vocabulary, name, level)

    def _check_id(self, source: SourceFile, node: Node | None, name: str, path: Path) -> None:
        root = find_root(path.parent)
        if node is None or not name or root is None:
            return
        by_path = path.resolve().relative_to(root).with_suffix("").as_posix()
        if name != by_path:
            message = f"the id '{name}' is not the file's path below the rules folder"
            source.report("Q009", node, message, remedy=f"write id: {by_path}", expected=by_path, severity="warning")

    def _local(
        self, source: SourceFile, parts: dict[str, Node], path: Path, vocabulary: Vocabulary, name: str, level: str
    ) -> RuleSet | None:
        base = self._extended(source, parts.get("extends"), path)
        if base is not None and LEVELS.index(level) <= LEVELS.index(base.level):
            message = f"a {level} file cannot change rules of the {base.level} level"
            source.report(
                "Q046", parts["level"], message, remedy="the level must be weaker than that of the file above"
            )
        terms: dict[str, NamedTerm] = dict(base.terms) if base is not None else {}
        if base is not None:
            terms.update({item.id: item for change in base.changes if isinstance(item := change.item, NamedTerm)})
        reader = ChangeReader(source, vocabulary, level, terms)
        title, in_force = reader.title(parts.get("title")), reader.period(parts.get("in_force"))
        own = [reader.change(node) for node in source.items(parts.get("changes"), "changes")]
        changes = tuple(_within(change, in_force) for change in own if change is not None)
        if base is None:  # told already; what the changes would make of it is not guessed
            return None
        return attrs.evolve(
            base,
            id=name,
            level=level,
            title=title,
            basis=(*base.basis, *reader.bases(parts.get("basis"))),
            changes=(*base.changes, *changes),
            files=(*base.files, source.name),
        )

    def _extended(self, source: SourceFile, node: Node | None, path: Path) -> RuleSet | None:
        root = find_root(path.parent)
        name = file_id(source, node)
        if node is None or not name or root is None:
            return None
        target = _beside(path, root / f"{name}.yaml")
        if target.resolve() in self._reading:
            source.report("Q040", node, f"'{name}' extends this file in turn", remedy="a file cannot extend itself")
            return None
        if not target.is_file():
            known = [found.relative_to(root).with_suffix("").as_posix() for found in _rule_files(root)]
            source.report("Q040", node, f"there is no rule file '{name}'", remedy=nearest(name, known))
            return None
        return self.add(target)


def read_rules(path: str | Path) -> RuleSet:
    """Return the rule set of a file as it is written, what it says not examined; see `check.load_rules`.

    Args:
        path: a rule file; facts.yaml stands in its folder or in one above it.

    Raises:
        RuleError: something is wrong in any of the files; carries every problem.

    Complexity: linear in the size of the files.

    >>> read_rules("rules/region-74/camp.yaml").title.en
    'Camp voucher'

    """
    library = RuleLibrary()
    made = library.add(Path(path))
    if errors_of(library.problems) or made is None:
        raise RuleError(library.problems)
    return made


def read_library(paths: Iterable[str | Path]) -> RuleLibrary:
    """Read rule files and every rule file in folders, keeping problems instead of raising.

    Args:
        paths: files and folders; folders are searched below; facts.yaml is read where rule files need it.

    >>> library = read_library(["rules/region-74"])
    >>> "region-74/camp" in library.rule_sets, library.problems
    (True, [])

    """
    library = RuleLibrary()
    for path in map(Path, paths):
        if path.is_dir():
            files = _rule_files(path)
            library.tests.extend(sorted(path.rglob(f"*{TEST_SUFFIX}")))
            if not files and not (path / FACTS_FILE).is_file():
                library.problems.append(
                    Problem(Place(str(path)), "Q028", "no rule files in this folder", "give the folder that holds them")
                )
            if (path / FACTS_FILE).is_file():
                library.vocabulary(path / FACTS_FILE)
        else:
            files = [] if path.name == FACTS_FILE or path.name.endswith(TEST_SUFFIX) else [path]
            if path.name == FACTS_FILE:
                library.vocabulary(path)
            tests = path if path.name.endswith(TEST_SUFFIX) else path.with_name(path.stem + TEST_SUFFIX)
            if tests.is_file():
                library.tests.append(tests)
        for file in files:
            made = library.add(file)
            if made is not None and made.id and made.id not in library.asked:
                library.asked.append(made.id)
    return library


def _base(source: SourceFile, parts: dict[str, Node], vocabulary: Vocabulary, name: str, level: str) -> RuleSet:
    reader = PartReader(source, vocabulary, level)
    reader.read_terms(parts.get("terms"))
    eligible = tuple(
        reader.ground(node, "an eligible item") for node in source.items(parts.get("eligible"), "eligible")
    )
    order = tuple(reader.step(node) for node in source.items(parts.get("order"), "order"))
    reserves = tuple(reader.reserve(node) for node in source.items(parts.get("reserves"), "reserves"))
    reader.unique_ids(eligible, "items of eligible")
    reader.unique_ids(order, "steps")
    reader.unique_ids(reserves, "reserves")
    return RuleSet(
        name,
        level,
        reader.title(parts.get("title")),
        vocabulary,
        reader.period(parts.get("in_force")),
        reader.bases(parts.get("basis")),
        reader.conventions(parts.get("conventions")),
        reader.terms,
        reader.dates(parts.get("dates")),
        eligible,
        order,
        reserves,
        files=(source.name,),
        ties=reader.ties(parts.get("ties")),
    )


def _within(change: Change, in_force: Period) -> Change:
    """Return the change with its file's days when it gives none of its own."""
    return change if change.in_force != ALWAYS_IN_FORCE else attrs.evolve(change, in_force=in_force)


def _rule_files(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.yaml"))
    return [path for path in files if path.name != FACTS_FILE and not path.name.endswith(TEST_SUFFIX)]


def _beside(path: Path, target: Path) -> Path:
    """Return `target` written the way the user wrote `path`, so that messages show paths he knows."""
    folder = path.parent
    resolved = folder.resolve()
    for _ in range(len(resolved.parts)):
        if target.is_relative_to(resolved):
            return folder / target.relative_to(resolved)
        folder, resolved = folder / ".." if folder == Path() or folder.name == ".." else folder.parent, resolved.parent
    return target
