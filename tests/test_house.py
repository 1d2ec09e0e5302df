"""The rules of the house, as commands: sizes, names, what is public, who imports whom, what is named outside."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.conftest import present_or_skip

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
NOT_FOR_THE_ENGINE = {"service", "litestar", "sqlalchemy"}
TEXTS = {".py", ".po", ".html", ".jinja", ".js", ".css", ".svg", ".json", ".yaml", ".toml", ".md", ".txt"}

# Hosts that may be named below src, and why. Nothing may be fetched from any of them.
HOSTS = {
    "127.0.0.1": "this machine",
    "localhost": "this machine",
    "json-schema.org": "the identifier of the schema language",
    "www.w3.org": "identifiers of XML name spaces",
    "publication.pravo.gov.ru": "citations of acts",
    "pravo.gov.ru": "citations of acts",
    "docs.cntd.ru": "citations of acts",
    "doi.org": "citations of papers",
    "arxiv.org": "citations of papers",
}


def _files(*folders: str, suffixes: Iterable[str] = (".py",)) -> list[Path]:
    wanted = set(suffixes)
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in wanted]
    return [path for path in found if "__pycache__" not in path.parts]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def long_functions(source: str) -> Iterator[str]:
    """Name each function with more lines than the house allows; its docstring and decorators do not count."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                docstring = node.body[0]
                lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"line {node.lineno}: {node.name} has {lines} lines"


def vague_parts(path: str) -> set[str]:
    """Return the parts of a module's path that say nothing about what is inside."""
    return {part for part in path.removesuffix(".py").split("/") if part.strip("_") in VAGUE}


def unlisted_hosts(text: str) -> set[str]:
    """Return the hosts a text names that are not on the list."""
    protocol_relative = re.findall(r"""["'(=]//([\w-]+(?:\.[\w-]+)+)""", text)
    written = re.findall(r"\b(?:https?|wss?|ftp)://([\w.-]+)", text)
    return {host for host in map(str.lower, [*written, *protocol_relative]) if host.rstrip(".") not in HOSTS}


def outside_imports(source: str) -> set[str]:
    """Return the packages a module imports that the engine must not know."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0] for name in names} & NOT_FOR_THE_ENGINE


def missing_documentation(name: str, thing: object) -> str:
    """Return what a public name lacks: a docstring of its own, and for a function an example; "" if nothing."""
    if not (inspect.isclass(thing) or inspect.isroutine(thing)):
        return ""  # a constant; where it stands, a comment or the module's docstring speaks of it
    docstring = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    if not docstring:
        return f"{name} has no docstring"
    if inspect.isroutine(thing) and ">>>" not in docstring:
        return f"{name} has no example"
    return ""


def examples(text: str) -> str:
    """Return the lines of a text that a doctest runs."""
    return "\n".join(line for line in text.splitlines() if line.lstrip().startswith((">>> ", "... ")))


def mirrors_a_module(test: Path, package: Path) -> bool:
    """Tell whether a test file is named after a module at the same depth, perhaps with what it tests of it added."""
    name = test.stem.removeprefix("test_")
    modules = {path.stem for path in package.glob("*.py")} | {path.name for path in package.iterdir() if path.is_dir()}
    return any(name == module or name.startswith(f"{module}_") for module in modules)


@pytest.mark.parametrize("path", _files("src", "tests", "benchmarks"), ids=_name)
class TestEveryFile:
    """What holds for each Python file."""

    def test_is_not_too_long(self, path: Path) -> None:
        """A file that needs scrolling through is two files."""
        assert len(_text(path).splitlines()) <= LONGEST_FILE

    def test_has_no_long_function(self, path: Path) -> None:
        """A function fits on one screen."""
        assert list(long_functions(_text(path))) == []

    def test_is_named_for_what_is_inside(self, path: Path) -> None:
        """No module is a drawer for odds and ends."""
        assert vague_parts(_name(path)) == set()


@pytest.mark.parametrize("path", _files("src", suffixes=TEXTS), ids=_name)
def test_a_source_file_names_no_outside_host(path: Path) -> None:
    """The program calls nobody: only citations and identifiers look like addresses."""
    assert unlisted_hosts(_text(path)) == set()


@pytest.mark.parametrize("path", _files("src/queue_engine"), ids=_name)
def test_a_module_of_the_engine_knows_nothing_of_the_service(path: Path) -> None:
    """The engine runs without a web framework and without a database."""
    assert outside_imports(_text(path)) == set()


@pytest.mark.parametrize("path", _files("tests/queue_engine", "tests/service"), ids=_name)
def test_a_test_file_stands_where_its_module_does(path: Path) -> None:
    """The tests of a module are found by the module's name."""
    if path.name.startswith("test_"):
        package = SOURCE / path.parent.relative_to(ROOT / "tests")
        assert package.is_dir(), f"there is no package {_name(package)}"
        assert mirrors_a_module(path, package), f"{_name(package)} has no module of that name"


def test_the_engine_says_what_is_public() -> None:
    """The root of the engine lists its public names, sorted, each once and each there."""
    engine = importlib.import_module("queue_engine")
    assert engine.__all__
    assert list(engine.__all__) == sorted(set(engine.__all__))
    assert [name for name in engine.__all__ if not hasattr(engine, name)] == []


def test_every_public_name_is_documented() -> None:
    """Every public class and function has a docstring, every public function an example that is run."""
    engine = importlib.import_module("queue_engine")
    found = [missing_documentation(name, getattr(engine, name)) for name in engine.__all__]
    assert [text for text in found if text] == []


def test_every_public_name_is_tried() -> None:
    """Every public name is used by a test or by an example."""
    engine = importlib.import_module("queue_engine")
    tests = [_text(path) for path in _files("tests") if path != Path(__file__)]
    tried = [examples(_text(path)) for path in [*_files("src"), *ROOT.glob("*.md"), *_files("rules", suffixes=[".md"])]]
    words = set(re.findall(r"\w+", "\n".join(tests + tried)))
    assert [name for name in engine.__all__ if name not in words] == []


def _function(lines: int, docstring: int = 0) -> str:
    text = ['    """First.', *["    More."] * (docstring - 2), '    """'] if docstring else []
    return "\n".join(["@cache", "def f():", *text, *["    x = 1"] * (lines - 1)])


def test_a_long_function_is_noticed() -> None:
    """The line too many is noticed, in nested and asynchronous functions too; docstring and decorator are free."""
    assert list(long_functions(_function(60, docstring=30))) == []
    assert list(long_functions(_function(61))) == ["line 2: f has 61 lines"]
    assert list(long_functions(_function(61, docstring=30))) == ["line 2: f has 61 lines"]
    assert list(long_functions(_function(61).replace("def f", "async def f"))) == ["line 2: f has 61 lines"]
    assert list(long_functions("class A:\n    def g(self):\n" + "        x = 1\n" * 60)) == ["line 2: g has 61 lines"]


@pytest.mark.parametrize("path", ["src/a/utils.py", "src/a/base.py", "src/common/a.py", "tests/_helpers.py"])
def test_a_vague_name_is_noticed(path: str) -> None:
    """A drawer is noticed as a module, as a package and behind an underscore."""
    assert vague_parts(path)


def test_a_telling_name_passes() -> None:
    """Only the whole word is vague: a database is not a base."""
    assert vague_parts("src/queue_engine/database.py") == set()


@pytest.mark.parametrize(
    "text",
    [
        "get('https://api.example.com/x')",
        '<script src="http://cdn.example.com/a.js">',
        "ws://push.example.com",
        "url(//a.example.com)",
    ],
)
def test_an_outside_host_is_noticed(text: str) -> None:
    """An address that could be called is noticed in code, in pages and for sockets."""
    assert unlisted_hosts(text)


def test_a_citation_passes() -> None:
    """Acts, papers, schemas and this machine may be named."""
    assert unlisted_hosts("https://doi.org/10.1/x http://127.0.0.1:8000/ https://json-schema.org/draft") == set()


@pytest.mark.parametrize(
    "source", ["import sqlalchemy.orm", "from litestar import get", "def f():\n    import service"]
)
def test_an_import_of_the_service_is_noticed(source: str) -> None:
    """An import is noticed in each of its forms, inside functions too."""
    assert outside_imports(source)


def test_an_import_of_the_engine_itself_passes() -> None:
    """The engine may import itself and its libraries."""
    assert outside_imports("from . import service\nimport numpy\nfrom queue_engine.errors import Problem") == set()


def test_missing_documentation_is_noticed() -> None:
    """A bare class, an inherited docstring, a bare function and a function without example are noticed."""

    class Bare(Exception):  # noqa: N818 - never raised
        pass

    def bare() -> None:
        pass

    def told() -> None:
        """Say something."""

    def shown() -> None:
        """Say something.

        >>> 1
        1
        """

    assert missing_documentation("Bare", Bare) == "Bare has no docstring"
    assert missing_documentation("bare", bare) == "bare has no docstring"
    assert missing_documentation("told", told) == "told has no example"
    assert missing_documentation("shown", shown) == missing_documentation("LIMIT", 3) == ""


def test_only_what_a_doctest_runs_counts_as_tried() -> None:
    """A name in prose is not tried; a name in an example is."""
    assert examples("Use parse.\n    >>> show(1)\n    'parse'\n    ... more") == "    >>> show(1)\n    ... more"


def test_a_test_file_without_module_is_noticed(tmp_path: Path) -> None:
    """A test file is accepted by its module's or package's name, with an ending or without, and by no other."""
    (tmp_path / "tables.py").touch()
    (tmp_path / "rules").mkdir()
    assert mirrors_a_module(Path("test_tables.py"), tmp_path)
    assert mirrors_a_module(Path("test_tables_permuted.py"), tmp_path)
    assert mirrors_a_module(Path("test_rules.py"), tmp_path)
    assert not mirrors_a_module(Path("test_tablets.py"), tmp_path)
    assert not mirrors_a_module(Path("test_order.py"), tmp_path)


def test_absent_data_skips_here_and_fails_in_ci(tmp_path: Path) -> None:
    """Tests that need the instances beside the project are skipped without them, and fail in CI."""
    absent = tmp_path / "absent"
    assert present_or_skip(tmp_path, in_ci=True) == tmp_path
    with pytest.raises(pytest.skip.Exception, match="absent"):
        present_or_skip(absent, in_ci=False)
    with pytest.raises(pytest.fail.Exception, match="beside the project"):
        present_or_skip(absent, in_ci=True)
