"""The engine gives the same answer on every processor, on every day and in every run: no clock, chance or float.

NumPy's `exp`, `pow`, `dot`, default `argsort` and `argpartition` differ between processors; integer sums,
sorts of integers, `lexsort` and stable sorts do not.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "src" / "queue_engine"

# A module that may do what the others may not, and why; nothing it computes this way reaches a queue.
EXEMPT: dict[str, dict[str, str]] = {
    "rules/source.py": {
        "object number": "asks whether a node of the file was met twice",
    },
}

BANNED_MODULES = {"random": "randomness", "secrets": "randomness", "uuid": "randomness", "time": "clock"}
CLOCKS = {"now", "utcnow", "today"}
UNSTABLE = {"argpartition"}
UNSTABLE_IN_NUMPY = {"partition"}
SORTS = {"argsort"}
SORTS_IN_NUMPY = {"sort"}
VARYING = {"dot", "mean", "std", "var", "average", "vdot", "inner", "matmul", "einsum", "cumprod"}
VARYING_IN_NUMPY = VARYING | {
    "cbrt",
    "divide",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log10",
    "log1p",
    "log2",
    "median",
    "percentile",
    "power",
    "quantile",
    "sqrt",
    "true_divide",
}
FLOATS = re.compile(r"float(?:16|32|64|128)?|double|longdouble|half|f[248]")
ALL_DIFFER = "all keys differ"


def _is_numpy(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _is_set(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset")
    return called or isinstance(node, ast.Set | ast.SetComp)


def _names_float(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and FLOATS.fullmatch(node.value.lstrip("<>=|")) is not None
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return FLOATS.fullmatch(name) is not None


class Lint(ast.NodeVisitor):
    """Collects what a module of the engine must not do, as (line, kind, what to do instead)."""

    def __init__(self, source: str) -> None:
        """Read a module's text."""
        self.found: set[tuple[int, str, str]] = set()
        self._lines = source.splitlines()
        tree = ast.parse(source)
        imported = {
            name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        }
        # In such a module `/` can only divide numbers; elsewhere it may join paths or divide fractions.
        self._numbers = "numpy" in imported and not imported & {"pathlib", "fractions"}
        self.visit(tree)

    def _add(self, node: ast.AST, kind: str, advice: str) -> None:
        self.found.add((getattr(node, "lineno", 0), kind, advice))

    def visit_Import(self, node: ast.Import) -> None:
        """Refuse modules of chance and time."""
        for alias in node.names:
            self._module(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Refuse modules of chance and time, and names taken out of them."""
        self._module(node, node.module or "")
        for alias in node.names:
            if (node.module, alias.name) in {("os", "urandom"), ("numpy", "random")}:
                self._add(node, "randomness", "take drawn numbers as an argument")

    def _module(self, node: ast.AST, name: str) -> None:
        kind = BANNED_MODULES.get(name.partition(".")[0]) or ("randomness" if name.startswith("numpy.random") else "")
        if kind:
            self._add(node, kind, "take it as an argument")

    def visit_Constant(self, node: ast.Constant) -> None:
        """Refuse floats written out."""
        if isinstance(node.value, float | complex):
            self._add(node, "float", "use integers or Fraction")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Refuse what varies between processors, and randomness."""
        name, in_numpy = node.attr, _is_numpy(node.value)
        if name == "urandom" or (in_numpy and name == "random"):
            self._add(node, "randomness", "take drawn numbers as an argument")
        if in_numpy and FLOATS.fullmatch(name):
            self._add(node, "float", "use an integer type")
        if name in UNSTABLE or (in_numpy and name in UNSTABLE_IN_NUMPY):
            self._add(node, "unstable sort", "sort whole, and stably")
        if name in VARYING or (in_numpy and name in VARYING_IN_NUMPY):
            self._add(node, "varying arithmetic", "use integer sums and products")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Refuse matrix products, and division that gives floats."""
        if isinstance(node.op, ast.MatMult):
            self._add(node, "varying arithmetic", "use integer sums and products")
        if isinstance(node.op, ast.Div) and self._numbers:
            self._add(node, "float", "divide with // or Fraction")
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        """Refuse to walk through a set in its own order."""
        self._walked(node.iter)
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        """Refuse lists in a set's own order."""
        for generator in node.generators:
            self._walked(generator.iter)
        self.generic_visit(node)

    def _walked(self, walked: ast.expr) -> None:
        if _is_set(walked):
            self._add(walked, "set order", "wrap it in sorted(…)")

    def visit_Call(self, node: ast.Call) -> None:
        """Refuse clocks, unstable sorts, floats and the numbers Python gives to objects."""
        function = node.func
        if isinstance(function, ast.Attribute):
            self._method(node, function)
        elif isinstance(function, ast.Name):
            if function.id == "float":
                self._add(node, "float", "use int(…) or Fraction(…)")
            if function.id in ("hash", "id"):
                self._add(node, "object number", "it differs from run to run; use a value")
            if function.id in ("list", "tuple", "enumerate", "iter", "next") and node.args:
                self._walked(node.args[0])
        floats = [keyword.value for keyword in node.keywords if keyword.arg == "dtype"]
        if isinstance(function, ast.Attribute) and function.attr in ("astype", "view", "dtype"):
            floats += node.args[:1]
        if any(_names_float(value) for value in floats):
            self._add(node, "float", "use an integer type")
        self.generic_visit(node)

    def _method(self, node: ast.Call, function: ast.Attribute) -> None:
        name = function.attr
        if name in CLOCKS:
            self._add(node, "clock", "take the day or the time as an argument")
        if name == "join" and node.args:
            self._walked(node.args[0])
        if name in SORTS or (name in SORTS_IN_NUMPY and _is_numpy(function.value)):
            stable = any(
                keyword.arg == "kind" and isinstance(keyword.value, ast.Constant) and keyword.value.value == "stable"
                for keyword in node.keywords
            )
            comment = any(ALL_DIFFER in line for line in self._lines[node.lineno - 1 : node.end_lineno])
            if not stable and not comment:
                self._add(node, "unstable sort", f'add kind="stable", or the comment "{ALL_DIFFER}"')


def _kinds(source: str) -> set[str]:
    return {kind for _, kind, _ in Lint(source).found}


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_a_module_of_the_engine_uses_no_clock_chance_float_or_unstable_sort(path: Path) -> None:
    """Every module of the engine is free of what differs between days, runs and processors."""
    name = path.relative_to(ENGINE).as_posix()
    found = [
        f"{name}:{line}: {kind}: {advice}"
        for line, kind, advice in sorted(Lint(path.read_text(encoding="utf-8")).found)
        if kind not in EXEMPT.get(name, {})
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("clock", "day = date.today()"),
        ("clock", "at = datetime.datetime.now(tz)"),
        ("clock", "from time import perf_counter"),
        ("clock", "import time"),
        ("randomness", "import random"),
        ("randomness", "from secrets import token_hex"),
        ("randomness", "import uuid as u"),
        ("randomness", "salt = os.urandom(8)"),
        ("randomness", "from os import urandom"),
        ("randomness", "draw = np.random.default_rng(1)"),
        ("randomness", "from numpy.random import default_rng"),
        ("unstable sort", "rows = np.argsort(keys)"),
        ("unstable sort", "rows = keys.argsort()"),
        ("unstable sort", "rows = np.sort(keys)"),
        ("unstable sort", 'rows = np.argsort(keys, kind="quicksort")'),
        ("unstable sort", "rows = np.argpartition(keys, 3)"),
        ("unstable sort", "rows = keys.argpartition(3)"),
        ("unstable sort", "rows = np.partition(keys, 3)"),
        ("varying arithmetic", "x = np.exp(y)"),
        ("varying arithmetic", "x = np.log(y)"),
        ("varying arithmetic", "x = np.power(y, 2)"),
        ("varying arithmetic", "x = y.mean()"),
        ("varying arithmetic", "x = y.dot(z)"),
        ("varying arithmetic", "x = y @ z"),
        ("float", "x = float(y)"),
        ("float", "x = 0.5"),
        ("float", "x = y.astype(float)"),
        ("float", 'x = y.astype("<f8")'),
        ("float", "x = np.zeros(3, dtype=np.float64)"),
        ("float", 'x = np.zeros(3, dtype="float32")'),
        ("float", "import numpy as np\nx = y / z"),
        ("set order", "for name in {'a', 'b'}: print(name)"),
        ("set order", "rows = [name for name in set(names)]"),
        ("set order", "names = list(set(names))"),
        ("set order", "text = ', '.join({name for name in names})"),
        ("object number", "key = hash(name)"),
        ("object number", "key = id(name)"),
    ],
)
def test_the_lint_catches(kind: str, source: str) -> None:
    """A line that would make answers differ is named by its kind, and only by it."""
    assert _kinds(source) == {kind}


@pytest.mark.parametrize(
    "source",
    [
        'rows = np.argsort(keys, kind="stable")',
        "rows = np.argsort(keys)  # all keys differ: the number is unique",
        "rows = np.lexsort(keys)",
        "names.sort()",
        "head, _, tail = text.partition('.')",
        "names = sorted({name for name in names})",
        "total = np.sum(values, dtype=np.int64)",
        "if isinstance(value, float | np.floating): raise TypeError",
        "from pathlib import Path\nimport numpy as np\nfile = root / 'facts.yaml'",
        "rank = catalogue.id(name)",
        'word = "float"',
        "day = rules.dates['today']",
    ],
)
def test_the_lint_lets_pass(source: str) -> None:
    """Stable sorts, integers, paths and refusals of floats are free to use."""
    assert _kinds(source) == set()


def test_every_exemption_is_needed_and_has_a_reason() -> None:
    """A module on the list of exemptions exists, still does what it is allowed, and says why it may."""
    for name, kinds in EXEMPT.items():
        assert set(kinds) <= _kinds((ENGINE / name).read_text(encoding="utf-8")), name
        assert all(kinds.values()), name
