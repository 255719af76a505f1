"""Each rule finds what it is for, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.linting.check import RULES, Checked, check
from assistant.linting.lines import catalogue
from assistant.linting.values import Finding
from assistant.values import Verdict
from knowledge.config import SHIPPED_NOTES
from knowledge.language import Text
from knowledge.notes import note_from_text

PERSON_NOTES = Path(__file__).parents[3] / ".." / "shared" / "notes" / "docker-notes.md"
"""A person's notes, not part of the project; what needs them is skipped where they are missing."""


def verdict_on(line: str) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=Path("/workspace"))


def checked(folder: Path, *texts: str) -> Checked:
    for number, text in enumerate(texts):
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return check([folder], verdict_on)


def of(found: Checked, code: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.rule.code == code]


def codes(found: Checked) -> list[tuple[str, int]]:
    return [(finding.rule.code, finding.line) for finding in found.findings]


def test_nothing_wrong_is_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(b"")
    (tmp_path / "other.md").write_text("# Other\n\nText.\n")
    text = (
        "# Notes\n\n![a](image.png) [b](other.md) [b](other) [c](#more-of-it) [d](https://example.com/none)\n\n"
        "## More of it\n\nRun `docker ps -a`, or read of `docker run` and `docker run [OPTIONS] IMAGE`.\n\n"
        "```bash\ndocker run --rm ubuntu:22.04 true\n```\n"
    )
    found = checked(tmp_path, text)
    assert found.findings == ()
    assert (found.notes, found.empty) == (2, 0)


def test_empty_headings_and_chapters(tmp_path: Path) -> None:
    text = "# A\n\ntext\n\n## B\n\n## C\n\n### D\n\n### E\n\n## F\n\n### G\n\ntext\n"
    found = checked(tmp_path, text)
    assert codes(found) == [
        ("empty-heading", 5),
        ("empty-chapter", 7),
        ("empty-heading", 9),
        ("empty-heading", 11),
    ]
    assert (found.headings, found.empty) == (4, 3)


def test_levels_that_are_left_out_outside_code(tmp_path: Path) -> None:
    text = "# A\n\ntext\n\n### C\n\ntext\n\n```\n# no heading\n##### none either\n```\n\n## B\n\ntext\n"
    assert codes(checked(tmp_path, text)) == [("level-jump", 5)]


def test_the_same_text_twice_in_one_language(tmp_path: Path) -> None:
    long = "A volume keeps its data when the container that wrote them is removed from the machine for good."
    found = checked(tmp_path, f"# A\n\n{long}\n\n# B\n\nshort\n\n# C\n\nshort\n", f"# D\n\n{long}\n")
    (finding,) = of(found, "duplicate-section")
    assert (finding.note, finding.line) == ("1.md", 1)
    assert "0.md:1" in finding.what.en and "0.md:1" in finding.what.zh


def test_images_links_and_anchors_that_are_not_there(tmp_path: Path) -> None:
    text = (
        "# A\n\ntext ![x](./a%20b.png)\nand [y](gone.md#x), [z](#no-such)\n\n"
        '<img src="gone.jpg">\n\n- <a href="gone.md">w</a>\n'
    )
    found = checked(tmp_path, text)
    assert [(f.line, "a b.png" in f.what.en) for f in of(found, "missing-image")] == [(3, True), (6, False)]
    assert [f.line for f in of(found, "broken-link")] == [4, 4, 8]


@pytest.mark.parametrize(
    ("line", "edited"),
    [
        ("sudo docker run -it -gpus all ubuntu:22.04", "sudo docker run -it --gpus all ubuntu:22.04"),
        ("docker run --rm ubuntu:22.04\\   ls", "docker run --rm ubuntu:22.04 ls"),
        ("docker run —rm ubuntu:22.04 ls", "docker run --rm ubuntu:22.04 ls"),
    ],
)
def test_a_slip_is_found_with_its_certain_mend(tmp_path: Path, line: str, edited: str) -> None:
    (finding,) = of(checked(tmp_path, f"# A\n\n```bash\n{line}\n```\n"), "invalid-command")
    assert finding.line == 4
    assert finding.edit is not None
    assert (finding.edit.line, finding.edit.old, finding.edit.new) == (4, line, edited)


def test_commands_that_are_not_whole(tmp_path: Path) -> None:
    text = "# A\n\nThen use `sudo docker build`, see `docker run`.\n\n```bash\ndocker stop\n```\n"
    first, second = of(checked(tmp_path, text), "incomplete-command")
    assert (first.line, second.line) == (3, 6)
    assert "docker build ." in first.mend.en and "docker build ." in first.mend.zh


def test_an_image_where_a_container_belongs(tmp_path: Path) -> None:
    found = checked(tmp_path, "# A\n\n`docker stop ImageName`\n\n`docker stop web`\n")
    (finding,) = of(found, "container-expected")
    assert finding.line == 3


def test_habits_are_hints(tmp_path: Path) -> None:
    lines = ("sudo docker run nginx", "docker pull nginx:latest", "docker run nginx:1.27 <name>")
    found = checked(tmp_path, "\n".join(["# A", "", "```bash", *lines, "```", ""]))
    assert sorted(codes(found)) == [("image-tag", 4), ("image-tag", 5), ("placeholder", 6), ("sudo", 4)]
    assert {finding.rule.severity for finding in found.findings} == {"hint"}


def test_what_the_policy_refuses_is_said_with_its_reason(tmp_path: Path) -> None:
    (finding,) = of(checked(tmp_path, "# A\n\n`docker run --privileged ubuntu:22.04`\n"), "unsafe-command")
    assert "--privileged" in finding.what.en and "--privileged" in finding.what.zh


def test_rules_have_codes_of_their_own_and_both_languages() -> None:
    assert max(Counter(rule.code for rule in RULES).values()) == 1
    assert all(rule.about.en != rule.about.zh for rule in RULES)


def test_only_some_rules(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n## B\n\n![x](gone.png)\n\n## C\n")
    assert codes(check([tmp_path], verdict_on, only=frozenset({"empty-heading"}))) == [("empty-heading", 7)]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\xff")
    (skipped,) = checked(tmp_path, "# A\n\ntext\n").skipped
    assert isinstance(skipped, Text) and "a.md" in skipped.zh


def test_the_shipped_notes_have_no_errors() -> None:
    found = check([SHIPPED_NOTES], verdict_on)
    assert [finding for finding in found.findings if finding.rule.severity == "error"] == []
    assert found.empty == 0


def test_a_persons_notes() -> None:
    if not PERSON_NOTES.is_file():
        pytest.skip("the person's notes are not part of the project")
    found = check([PERSON_NOTES], verdict_on)
    assert len(of(found, "empty-heading")) == found.empty == 12
    chapters = " ".join(finding.what.en for finding in of(found, "empty-chapter"))
    assert all(f"“{number}" in chapters for number in ("3.2 ", "3.3 ", "4. ", "5. "))
    assert len(of(found, "missing-image")) == 6
    slips = [finding.what.en for finding in of(found, "invalid-command")]
    assert sum("-gpus" in said and "--gpus" not in said for said in slips) == 2
    assert sum("\\ python" in said for said in slips) == 1
    assert ["docker build" in f.what.en for f in of(found, "incomplete-command")] == [True]
    assert ["docker stop" in f.what.en for f in of(found, "container-expected")] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "docker ps | grep web",
        "docker logs web | tail -n 5",
        "docker compose ps | grep web",
        "docker --help",
        "docker run --help",
        "docker daemon started",
        "docker stop image-resizer",
        "docker rm -f imagemagick",
        "docker stop $(docker ps -q --filter ancestor=image)",
        "docker run --rm alpine:3.20 sh <<'EOF'",
        "docker build -t app:1 - < Dockerfile",
        "docker rm $(docker ps -aq)",
    ],
)
def test_lines_that_are_right_in_a_shell_are_no_errors(tmp_path: Path, line: str) -> None:
    found = checked(tmp_path, f"# A\n\n```bash\n{line}\n```\n")
    assert [finding for finding in found.findings if finding.rule.severity == "error"] == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("docker run -gpus all ubuntu:22.04 | cat", "invalid-command"),
        ("docker rnu ubuntu:22.04", "invalid-command"),
        ("docker stop", "incomplete-command"),
        ("docker container stop ImageName", "container-expected"),
        ("docker logs <image>", "container-expected"),
    ],
)
def test_lines_that_are_wrong_are_errors(tmp_path: Path, line: str, code: str) -> None:
    assert codes(checked(tmp_path, f"# A\n\n```bash\n{line}\n```\n"))[0] == (code, 4)


def test_tags_indented_code_and_quoted_headings_are_no_levels(tmp_path: Path) -> None:
    text = "# A\n\n## B\n\n#docker #notes\n\n    # code\n    ##### code\n\n> ##### quoted\n\n### C\n\ntext\n"
    assert of(checked(tmp_path, text), "level-jump") == []


def test_underlined_headings_have_levels(tmp_path: Path) -> None:
    assert codes(checked(tmp_path, "A\n=\n\ntext\n\n### C\n\ntext\n")) == [("level-jump", 6)]


def test_anchors_of_other_notes(tmp_path: Path) -> None:
    links = "[a](1.md#real-one) [b](1.md#gone) [c](#top) [d](#a-link) [e](1.md#%E5%AE%89%E8%A3%85)"
    first = f"# A\n\n{links}\n\n## [A](https://example.com) link\n\ntext\n"
    found = checked(tmp_path, first, "# B\n\n## Real, one\n\ntext\n\n## 安装\n\ntext\n")
    (finding,) = of(found, "broken-link")
    assert (finding.note, finding.line) == ("0.md", 3)
    assert "#gone" in finding.what.en and "1.md" in finding.what.zh


def test_the_catalogue_holds_lines_docker_would_not_take(tmp_path: Path) -> None:
    text = "# A\n\nUse `sudo docker build` then `docker ps`, see `docker run`.\n\n```bash\ndocker stop\n```\n"
    listed = catalogue(note_from_text(text, "a.md"))
    assert [(command.text, command.first_line) for command in listed] == [
        ("docker ps", 3),
        ("sudo docker build", 3),
        ("docker stop", 6),
    ]
    assert [verdict_on(command.text).kind for command in listed] == ["docker", "invalid", "invalid"]
