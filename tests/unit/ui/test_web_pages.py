"""The notes, GPU and runs pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.values import Ended, GpuReport
from knowledge.errors import StoreError
from knowledge.language import Text
from tests.fakes.assistant import NOTE, MemoryAssistant
from ui.web import on_gpu, on_notes
from ui.web.draw_chat import Piece
from ui.web.draw_gpu import draw_gpu
from ui.web.draw_notes import excerpt, terms
from ui.web.draw_runs import draw_runs
from ui.web.session import Session


@pytest.fixture
def assistant() -> MemoryAssistant:
    return MemoryAssistant(pause_seconds=0)


@pytest.fixture
def session() -> Session:
    return Session("zh")


def joined(pieces: list[Piece]) -> str:
    return "".join(piece[1] for piece in pieces)


# ---- notes ------------------------------------------------------------------------------------


def test_the_tree_shows_all_headings_and_marks_empty_ones(
    session: Session, assistant: MemoryAssistant
) -> None:
    assistant.library.skipped = ("bad.md: <not text>",)
    tree = joined(on_notes.draw_left(session, assistant))
    for section in assistant.library.outline():
        assert section.headings[-1] in tree
    assert '2.3 数据卷<span class="dn-empty" lang="zh">空</span>' in tree
    assert tree.index("快速上手") < tree.index("Quick start")
    assert "bad.md: &lt;not text&gt;" in tree


def test_a_heading_opens_with_everything_below_it(session: Session, assistant: MemoryAssistant) -> None:
    on_notes.read(session, NOTE.path, 20, None, assistant.library)
    shown = joined(on_notes.draw_right(session, assistant))
    assert "2.3 数据卷" in shown
    assert "第 20–24 行" in shown
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_cited_lines_open_marked(session: Session, assistant: MemoryAssistant) -> None:
    on_notes.read(session, NOTE.path, 13, 13, assistant.library)
    shown = joined(on_notes.draw_right(session, assistant))
    assert shown.count("dn-hit") == 1


@pytest.mark.parametrize("place", [("../../etc/passwd", 1, 1), ("zh/2-quick-start.md", None, 3), ("", 0, 0)])
def test_places_that_are_none_open_nothing(
    session: Session, assistant: MemoryAssistant, place: tuple[str, int | None, int | None]
) -> None:
    on_notes.read(session, *place, assistant.library)
    assert session.section is None


def test_hits_are_marked_and_a_search_without_any_says_so(
    session: Session, assistant: MemoryAssistant
) -> None:
    on_notes.search(session, " 后台 ")
    assert "<mark>后台</mark>" in joined(on_notes.draw_right(session, assistant))
    on_notes.search(session, "<b>xyz</b>")
    assert "没有与“&lt;b&gt;xyz&lt;/b&gt;”相符的内容" in joined(on_notes.draw_right(session, assistant))


def test_terms_are_words_and_pairs_of_characters() -> None:
    pattern = terms("how to 端口映射 -p 8080")
    assert pattern is not None
    assert pattern.findall("How 端口 to 映射 P 8080") == ["端口", "映射", "P", "8080"]
    assert terms("!?") is None


def test_an_excerpt_surrounds_the_first_match_and_keeps_fences_whole() -> None:
    text = "\n".join(["intro", "```bash", *(f"line {n}" for n in range(30)), "```", "end"])
    shown = excerpt(text, terms("line 20"))
    cut = excerpt(text, terms("20"))
    assert cut.splitlines()[:4] == ["…", "", "```", "line 19"]
    assert cut.count("```") == 2
    assert shown.count("```") == 2
    assert excerpt("one line", None) == "one line"


# ---- GPU --------------------------------------------------------------------------------------


def climb(session: Session, assistant: MemoryAssistant, *, yes: bool, forged: bool = False) -> list[str]:
    seen = []
    on_gpu.check(session, assistant)
    for _ in session.gpu_changes.watch(lambda: session.gpu.running):
        seen.append(joined(draw_gpu(session.gpu, "en")))
        if session.gpu.waiting is not None:
            if forged:
                on_gpu.answer(session, "forged", yes=True)
                assert session.gpu.waiting is not None
            on_gpu.answer(session, session.gpu.stamp, yes=yes)
    return seen


def test_rungs_come_one_by_one_and_containers_wait_for_a_yes(
    session: Session, assistant: MemoryAssistant
) -> None:
    assistant.pause_seconds = 0.02
    seen = climb(session, assistant, yes=True, forged=True)
    asking = next(page for page in seen if 'data-do="yes"' in page)
    assert "docker run --rm --gpus all" in asking
    assert "Check with containers" in asking
    last = seen[-1]
    assert "could not select device driver" in last
    assert "The Engine has no NVIDIA runtime." in last
    assert "From your notes" in last
    assert "Not shown to work yet" in last
    assert len(assistant.approvals) == 1
    assert not session.gpu.running


def test_skipping_approves_nothing(session: Session, assistant: MemoryAssistant) -> None:
    seen = climb(session, assistant, yes=False)
    assert assistant.approvals == {}
    assert "Skipped" in seen[-1]


def test_only_one_check_at_a_time(session: Session, assistant: MemoryAssistant) -> None:
    on_gpu.check(session, assistant)
    first = session.gpu
    on_gpu.check(session, assistant)
    assert session.gpu is first
    for _ in session.gpu_changes.watch(lambda: session.gpu.running):
        on_gpu.answer(session, session.gpu.stamp, yes=False)


def test_a_failing_ladder_says_why(session: Session, assistant: MemoryAssistant) -> None:
    def fail(approve: object) -> object:
        raise StoreError(Text(en="The index is locked.", zh="索引被占用。"))

    assistant.gpu = fail  # type: ignore[method-assign, assignment]
    on_gpu.check(session, assistant)
    for _ in session.gpu_changes.watch(lambda: session.gpu.running):
        pass
    assert "The index is locked." in joined(draw_gpu(session.gpu, "en"))


def test_a_proved_gpu_is_said_to_work(session: Session) -> None:
    session.gpu.report = GpuReport((), driver="550", cuda="12.4", computed_on="NVIDIA <L4>")
    shown = joined(draw_gpu(session.gpu, "en"))
    assert "Yes: NVIDIA &lt;L4&gt; computed inside a container." in shown


# ---- runs -------------------------------------------------------------------------------------


def test_runs_are_listed_with_what_they_wrote(assistant: MemoryAssistant) -> None:
    assert "Nothing has been run yet." in joined(draw_runs(assistant.runs(), "en"))
    list(assistant.run(assistant.review("docker ps -a"), question="<b>q</b>", by="web"))
    shown = joined(draw_runs(assistant.runs(), "en"))
    assert "docker ps -a" in shown
    assert "exit code 0" in shown
    assert "&lt;b&gt;q&lt;/b&gt;" in shown
    assert "<img" not in shown


def test_a_run_that_failed_is_listed_with_its_reason(assistant: MemoryAssistant) -> None:
    *_, ended = assistant.run(assistant.review("docker ps"))
    assert isinstance(ended, Ended)
    failed = replace(ended.run, outcome="failed", exit_code=127, output="sh: nosuch: not found\n")
    shown = joined(draw_runs([failed], "zh"))
    assert "失败原因" in shown
    assert "sh: nosuch: not found" in shown
    assert "接下来可以试试" not in shown
