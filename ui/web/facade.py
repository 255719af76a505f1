"""What the page asks of the assistant; ``assistant.assistant.Assistant`` offers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from assistant.diagnosis.values import Diagnosis
from assistant.execution.background import Background
from assistant.execution.console import Console
from assistant.execution.undoing import Undone
from assistant.hosting.values import Effects
from assistant.keeping.gaps import Gap, Gaps, Place
from assistant.keeping.keeping import Keeping
from assistant.keeping.saving import Saver
from assistant.values import (
    Answer,
    AnswerPart,
    Approval,
    Command,
    EngineInfo,
    GpuReport,
    PlaceholderKind,
    Run,
    RunEvent,
    Rung,
    Touched,
    Turn,
    Verdict,
)
from assistant.verifying.values import Stamp
from knowledge.language import Language, Text
from knowledge.values import Hit, Note, Section


class LibraryView(Protocol):
    """The notes, to search and to browse."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """Notes by their path."""
        ...

    @property
    def skipped(self) -> tuple[str, ...]:
        """What could not be read, and why."""
        ...

    def outline(self) -> list[Section]:
        """All sections of all notes, in order, empty ones included."""
        ...

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """Hits, best first."""
        ...


class AssistantView(Protocol):
    """The assistant, as the page uses it."""

    @property
    def library(self) -> LibraryView:
        """The notes."""
        ...

    @property
    def gaps(self) -> Gaps:
        """The questions the notes did not answer."""
        ...

    def open_gaps(self) -> list[tuple[Gap, list[Place]]]:
        """Those they still do not answer, with where an answer would stand."""
        ...

    @property
    def saver(self) -> Saver:
        """What writes sections into the person's notes."""
        ...

    @property
    def keeping(self) -> Keeping:
        """The conversations that are kept."""
        ...

    @property
    def model_name(self) -> str | None:
        """Which chat model reads the notes; None where there is none."""
        ...

    def ask(self, question: str, transcript: Sequence[Turn] = ()) -> Iterator[AnswerPart]:
        """The answer, in pieces."""
        ...

    def go_on(self, proposal: str, run: Run | None) -> Iterator[AnswerPart]:
        """What the chat model says of a run of what it proposed, or of the person's no."""
        ...

    def waiting(self) -> list[Answer]:
        """Answers whose proposals wait for the person, also from an earlier start."""
        ...

    def drop(self, proposals: Iterable[str]) -> None:
        """Forgets proposals."""
        ...

    def review(self, line: str) -> Verdict:
        """The policy's word on a line."""
        ...

    def explain(self, verdict: Verdict) -> Text:
        """The plan in words."""
        ...

    def effects(self, verdict: Verdict) -> Effects | None:
        """What a line for a shell wants, and whether it is so already; None for any other line."""
        ...

    def stamp(self, command: Command) -> Stamp | None:
        """How a command of the notes went when it was last tried here."""
        ...

    def touched(self, verdict: Verdict) -> tuple[Touched, ...]:
        """Objects the plan would change, as they are now."""
        ...

    def approve(self, verdict: Verdict, *, by: str, confirmed: Sequence[str] = ()) -> Approval:
        """A single-use yes to this verdict."""
        ...

    def run(
        self,
        verdict: Verdict,
        *,
        approval: Approval | None = None,
        question: str = "",
        by: str = "",
        conversation: str = "",
        console: Console | None = None,
    ) -> Iterator[RunEvent]:
        """Carries the plan out; ``console`` is where the person types."""
        ...

    def diagnose(self, run: Run, language: Language) -> Diagnosis | None:
        """Why a run failed and what helps."""
        ...

    def cancel(self, run_id: str) -> None:
        """Ends a run from another thread."""
        ...

    def candidates(self, kind: PlaceholderKind) -> tuple[str, ...]:
        """Values that could be filled in for a placeholder, best first."""
        ...

    def undo(self, run: Run) -> Undone:
        """Takes back what a run made."""
        ...

    def background(self, run: Run) -> Background | None:
        """How the container that a run left in the background is now; None where it left none."""
        ...

    def engine_status(self) -> EngineInfo | Text:
        """The Engine, or what is missing and how to get it."""
        ...

    def gpu(self, approve: Callable[[Verdict], Approval | None]) -> Iterator[Rung | GpuReport]:
        """The GPU ladder, rung by rung."""
        ...

    def runs(self, limit: int = 50) -> list[Run]:
        """The last runs, newest first."""
        ...
