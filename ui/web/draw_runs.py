"""The record of runs as markup."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.diagnosis.diagnose import diagnose_run
from assistant.diagnosis.values import Diagnosis
from assistant.values import Run
from knowledge.language import Language
from ui.web import words
from ui.web.draw_card import draw_end
from ui.web.draw_chat import Piece
from ui.web.draw_saving import draw_saving
from ui.web.html import Html, el
from ui.web.saving import Saving, key_of

NO_SAVINGS: Mapping[str, Saving] = {}


def draw_runs(
    runs: Sequence[Run], language: Language, savings: Mapping[str, Saving] = NO_SAVINGS
) -> list[Piece]:
    """The last runs, newest first, each with what saving it to the notes has come to."""
    refresh = el("button", words.REFRESH.said_in(language), cls="dn-link", type="button", data_do="refresh")
    head = el("header", el("h2", words.RUNS_TITLE.said_in(language)), refresh, cls="dn-line", lang=language)
    pieces: list[Piece] = [["head", head]]
    if not runs:
        return [*pieces, ["none", el("p", words.NO_RUNS.said_in(language), cls="dn-quiet", lang=language)]]
    return [*pieces, *([f"run-{run.id}", _run(run, language, savings)] for run in runs)]


def _why(run: Run, language: Language) -> Diagnosis | None:
    """Why a run failed; lines to try next belong to the moment it did."""
    found = diagnose_run(run, language)
    return replace(found, following=()) if found is not None else None


def _run(run: Run, language: Language, savings: Mapping[str, Saving]) -> Html:
    key = key_of("run", run.id)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started_at))
    kind = run.outcome or "running"
    outcome = words.OUTCOMES[kind].said_in(language)
    code = None if run.exit_code is None else words.EXIT_CODE.said_in(language).format(code=run.exit_code)
    summary = el(
        "summary",
        el("code", run.command),
        el("span", outcome, cls=f"dn-end-{kind}"),
        el("span", code, cls="dn-quiet") if code else None,
        el("time", when, cls="dn-where"),
    )
    asked = f"{words.RUN_QUESTION.said_in(language)} {run.question}" if run.question else ""
    output = run.output[-4000:]
    cut = words.CUT_TOP.said_in(language).format(n=len(run.output) - 4000) if len(run.output) > 4000 else ""
    return el(
        "details",
        summary,
        el("p", asked, cls="dn-quiet") if asked else None,
        el("p", cut, cls="dn-quiet") if cut else None,
        el("pre", output, cls="dn-output", tabindex=0) if output else None,
        el("p", words.CUT_RUN.said_in(language), cls="dn-quiet") if run.output_cut else None,
        draw_end(run, language, _why(run, language)),
        draw_saving(savings.get(key), key, language) if run.outcome is not None else None,
        cls="dn-run",
        lang=language,
    )
