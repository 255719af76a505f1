"""Why a run failed, on the terminal and for scripts."""

from __future__ import annotations

from assistant.commands.review import review
from assistant.diagnosis.diagnose import completed, diagnose_error, diagnose_run
from assistant.diagnosis.values import Diagnosis
from assistant.execution.making import make_policy
from assistant.values import Run, Verdict
from knowledge.errors import KnowledgeError
from knowledge.index import is_indexed
from knowledge.language import Language, Text
from ui.build import build_library
from ui.cli.contract import Json
from ui.cli.show import Screen
from ui.settings import Settings
from ui.web.words import IN_TERMINAL, VERDICTS

_WHY = Text(en="Why: ", zh="原因：")
_HELPS = Text(en="What helps: ", zh="怎么办：")
_SAID = Text(en="It said: ", zh="原话：")
_NEXT = Text(en="To try next:", zh="接下来可以试试：")
_NOTES = Text(en="From your notes", zh="笔记里的相关内容")
_NOT_INDEXED = Text(
    en="Your notes may tell more; `docknotes index` makes them searchable.",
    zh="你的笔记里可能有更多说明；运行 `docknotes index` 即可搜索。",
)


def diagnosed(settings: Settings, screen: Screen, failed: Run | Text) -> Diagnosis | None:
    """Why a run failed, or what an error means, with the policy's word on the next lines.

    The notes are looked into where they are indexed already: a failed command does not wait for minutes.
    """
    language = screen.language
    found = diagnose_run(failed, language) if isinstance(failed, Run) else diagnose_error(failed, language)
    if found is None:
        return None
    config = settings.assistant
    policy = make_policy(config)

    def judge(line: str) -> Verdict:
        return review(line, policy=policy, limits=config.limits, workspace=config.workspace)

    if is_indexed(settings.knowledge):
        try:
            with screen.progress() as watch:
                library, _ = build_library(settings.knowledge, watch)
                return completed(found, judge, library, language)
        except KnowledgeError as error:
            screen.warn(error.text)
    return completed(found, judge, None, language)


def say_diagnosis(screen: Screen, diagnosis: Diagnosis, *, indexed: bool) -> None:
    """Cause, advice, next lines and the place of the notes, on standard error."""
    language = screen.language
    screen.warn(f"\n{_WHY.said_in(language)}{diagnosis.what.said_in(language)}")
    if diagnosis.evidence:
        screen.warn(f"{_SAID.said_in(language)}{diagnosis.evidence}")
    screen.warn(f"{_HELPS.said_in(language)}{diagnosis.advice.said_in(language)}")
    if diagnosis.following:
        screen.warn(_NEXT)
    for one in diagnosis.following:
        word = VERDICTS[one.decision.value] if one.decision is not None else IN_TERMINAL
        screen.warn(f"  $ {one.line}    ({word.said_in(language)})")
    if cited := diagnosis.citation:
        place = f"{cited.note}:{cited.first_line}-{cited.last_line}"
        screen.warn(f"{_NOTES.said_in(language)} ({place}, {' > '.join(cited.headings)}):")
        screen.warn("\n".join(f"  | {line}" for line in cited.quote.splitlines()))
    elif not indexed:
        screen.warn(_NOT_INDEXED)


def diagnosis_json(diagnosis: Diagnosis | None, language: Language) -> Json | None:
    """A diagnosis for scripts; ``next`` lines with ``verdict`` null are to be copied to a terminal."""
    if diagnosis is None:
        return None
    cited = diagnosis.citation
    return {
        "cause": diagnosis.cause,
        "what": diagnosis.what.said_in(language),
        "advice": diagnosis.advice.said_in(language),
        "evidence": diagnosis.evidence,
        "next": [
            {"line": one.line, "kind": one.kind, "verdict": str(one.decision) if one.decision else None}
            for one in diagnosis.following
        ],
        "query": diagnosis.query,
        "citation": None
        if cited is None
        else {
            "note": cited.note,
            "headings": list(cited.headings),
            "lines": [cited.first_line, cited.last_line],
            "quote": cited.quote,
        },
    }
