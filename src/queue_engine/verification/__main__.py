"""Runs the verification from a command line, with nothing installed but Python."""

from __future__ import annotations

import importlib
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def _package() -> ModuleType:
    """Return the package this file is in, also where its folder is run by itself, under whatever name."""
    if __package__:
        return importlib.import_module(__package__)
    folder = Path(__file__).resolve().parent
    spec = spec_from_file_location("verification", folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules["verification"] = package  # its modules name each other relatively
    spec.loader.exec_module(package)
    return package


if __name__ == "__main__":
    command = importlib.import_module(_package().__name__ + ".command")
    sys.exit(command.main(sys.argv[1:]))
