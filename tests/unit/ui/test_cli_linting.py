"""``docknotes lint`` and ``docknotes commands`` as they are typed: output, exit codes, questions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from knowledge.language import Language
from ui.cli.app import build_cli
from ui.settings import read_settings

TEXT = "# A\n\n```bash\nsudo docker run -it -gpus all ubuntu:22.04\ndocker ps -a\n```\n\n## B\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def typed(home: Path, *arguments: str, language: Language = "en", answer: str = "") -> Result:
    settings = read_settings({"DOCKNOTES_HOME": str(home / "home"), "DOCKNOTES_CACHE": str(home / "cache")})
    return CliRunner().invoke(build_cli(lambda: replace(settings), language), arguments, input=answer)


@pytest.mark.parametrize(
    ("language", "severity", "closing"),
    [
        ("en", "error invalid-command", "1 of 1 lowest headings"),
        ("zh", "错误 invalid-command", "有 1 个没有内容"),
    ],
)
def test_findings_are_lines_and_errors_the_exit_code(
    notes: Path, tmp_path: Path, language: Language, severity: str, closing: str
) -> None:
    done = typed(tmp_path, "lint", "--notes", str(notes), language=language)
    assert done.exit_code == 1
    assert f"a.md:4  {severity}" in done.output
    assert closing in done.output
    assert not (tmp_path / "home").exists()  # no index is made


def test_hints_can_be_left_out_and_rules_chosen(notes: Path, tmp_path: Path) -> None:
    assert " hint sudo" in typed(tmp_path, "lint", "--notes", str(notes)).output
    assert " hint sudo" not in typed(tmp_path, "lint", "--no-hints", "--notes", str(notes)).output
    chosen = typed(tmp_path, "lint", "--only", "empty-heading", "--notes", str(notes))
    assert (chosen.exit_code, chosen.output.count("a.md:")) == (0, 1)


def test_findings_as_json(notes: Path, tmp_path: Path) -> None:
    done = typed(tmp_path, "lint", "--json", "--notes", str(notes))
    found = json.loads(done.output)
    assert done.exit_code == 1
    first = found["findings"][0]
    assert {k: first[k] for k in ("code", "severity", "note", "line")} == {
        "code": "invalid-command",
        "severity": "error",
        "note": "a.md",
        "line": 4,
    }
    assert first["edit"]["new"] == "sudo docker run -it --gpus all ubuntu:22.04"
    assert found["summary"]["errors"] == 1 and found["summary"]["empty_headings"] == 1


@pytest.mark.parametrize("answer", ["n\n", "", "maybe\n"])
def test_without_a_yes_nothing_is_written(notes: Path, tmp_path: Path, answer: str) -> None:
    done = typed(tmp_path, "lint", "--fix", "--notes", str(notes), answer=answer)
    assert "+sudo docker run -it --gpus all ubuntu:22.04" in done.output
    assert notes.read_text(encoding="utf-8") == TEXT
    assert done.exit_code == 1


@pytest.mark.parametrize(("options", "answer"), [(["--fix"], "y\n"), (["--fix", "--yes"], "")])
def test_with_a_yes_it_is_mended_and_a_backup_kept(
    notes: Path, tmp_path: Path, options: list[str], answer: str
) -> None:
    done = typed(tmp_path, "lint", *options, "--notes", str(notes), answer=answer)
    assert notes.read_text(encoding="utf-8") == TEXT.replace("-gpus", "--gpus")
    assert (tmp_path / "a.md.bak").read_text(encoding="utf-8") == TEXT
    assert "a.md.bak" in done.output
    assert done.exit_code == 0


def test_the_catalogue_of_commands(notes: Path, tmp_path: Path) -> None:
    done = typed(tmp_path, "commands", "--notes", str(notes))
    assert "a.md  A" in done.output
    assert "    4  [Needs your approval]  docker run -it --gpus all ubuntu:22.04" in done.output
    assert "    5  [Only reads]  docker ps -a" in done.output
    listed = json.loads(typed(tmp_path, "commands", "--json", "--notes", str(notes)).output)["commands"]
    assert [(c["text"], c["origin"], c["lines"], c["verdict"]) for c in listed] == [
        ("docker run -it --gpus all ubuntu:22.04", "corrected", [4, 4], "ask"),
        ("docker ps -a", "verbatim", [5, 5], "allow"),
    ]
    assert typed(tmp_path, "commands", "--section", "B", "--notes", str(notes)).output.count("docker") == 0


@pytest.mark.parametrize("answer", ["y\n", "n\n"])
def test_with_json_standard_output_is_one_object_also_when_mending(
    notes: Path, tmp_path: Path, answer: str
) -> None:
    done = typed(tmp_path, "lint", "--fix", "--json", "--notes", str(notes), answer=answer)
    assert json.loads(done.stdout)["summary"]["errors"] == 1
    assert "+sudo docker run -it --gpus all ubuntu:22.04" in done.stderr
    assert (notes.read_text(encoding="utf-8") == TEXT) is (answer == "n\n")


def test_without_asking_the_difference_is_shown_too(notes: Path, tmp_path: Path) -> None:
    done = typed(tmp_path, "lint", "--fix", "--yes", "--notes", str(notes))
    assert "+sudo docker run -it --gpus all ubuntu:22.04" in done.output
    assert "Write this?" not in done.output


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There is no rule nonsense."), ("zh", "没有规则 nonsense。")]
)
def test_misuse_ends_with_two(notes: Path, tmp_path: Path, language: Language, said: str) -> None:
    done = typed(tmp_path, "lint", "--only", "nonsense", "--notes", str(notes), language=language)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    gone = typed(tmp_path, "lint", "--json", "--notes", str(tmp_path / "gone"), language=language)
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert "gone" in gone.stderr


def test_the_catalogue_says_how_a_line_is_written_and_why_it_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# A\n\n```bash\nsudo docker run -gpus all ubuntu:22.04\ndocker stop\n```\n", encoding="utf-8"
    )
    lines = typed(tmp_path, "commands", "--notes", str(path)).output.splitlines()
    assert lines[-2].endswith("(written: sudo docker run -gpus all ubuntu:22.04)")
    assert "[not a docker line]  docker stop  (" in lines[-1]
    chinese = typed(tmp_path, "commands", "--notes", str(path), language="zh").output
    assert "原文：sudo docker run -gpus all ubuntu:22.04" in chinese
