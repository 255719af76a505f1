"""Everything the command line and the web page ask for, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering import answer, going_on
from assistant.commands.explain import explain_plan
from assistant.commands.steps import review_steps
from assistant.config import AssistantConfig
from assistant.diagnosis.diagnose import completed, diagnose_run
from assistant.diagnosis.values import Diagnosis
from assistant.errors import ExecutionError
from assistant.execution.background import Background
from assistant.execution.candidates import candidates
from assistant.execution.cleanup import leftovers, remove_leftovers
from assistant.execution.console import Console
from assistant.execution.gpu import verify_gpu
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_sandbox
from assistant.execution.sandbox import Sandbox
from assistant.execution.sequence import run_steps
from assistant.execution.spares import SpareNetworks
from assistant.execution.undoing import Undone, undo_recorded
from assistant.hosting.effects import effects_of, look_at
from assistant.hosting.host import Host
from assistant.hosting.values import Effects
from assistant.keeping.gaps import Gap, Gaps, OpenGaps, Place, noting
from assistant.keeping.keeping import Keeping
from assistant.keeping.saving import Saver
from assistant.keeping.talks import Talks
from assistant.protocols import ChatModel, Engine
from assistant.values import (
    Answer,
    AnswerPart,
    Approval,
    Command,
    Created,
    EngineInfo,
    GpuReport,
    PlaceholderKind,
    Run,
    RunEvent,
    Rung,
    Steps,
    Touched,
    Turn,
    Verdict,
)
from assistant.verifying.lookup import stamp_of
from assistant.verifying.stamps import Stamps
from assistant.verifying.values import Stamp
from knowledge.errors import KnowledgeError
from knowledge.language import Language, Text
from knowledge.library import Library
from knowledge.live import LiveLibrary

if TYPE_CHECKING:
    from assistant.agent.agent import NotesAgent


class Assistant:
    """Answers from notes; commands reviewed, approved, run and recorded."""

    def __init__(
        self,
        config: AssistantConfig,
        library: Library | LiveLibrary,
        engine: Engine,
        *,
        model: ChatModel | None = None,
        saver: Saver | None = None,
    ) -> None:
        self._library = library
        self._config = config
        self._engine = engine
        self._model = model
        self._ledger = Ledger(config.ledger)
        self._stamps = Stamps(config.stamps)
        self._spares = SpareNetworks(engine)
        self._sandbox = make_sandbox(config, engine, self._ledger, spares=self._spares)
        self._agent = _agent_of(model, self._sandbox, config)
        self.gaps = Gaps(config.gaps)
        self.saver = saver or Saver((), own=config.home / "notes")
        self._open_gaps = OpenGaps(self.gaps)
        self.keeping = Keeping(Talks(config.talks), self._ledger, self.review)

    @property
    def library(self) -> Library:
        """The notes as they are now; a question keeps the ones it began with."""
        return self._library.now() if isinstance(self._library, LiveLibrary) else self._library

    @property
    def model_name(self) -> str | None:
        """The chat model that reads the notes; None where answers come straight from them."""
        return self._model.name if self._model else None

    @property
    def workspace(self) -> Path:
        """The one folder of the host that containers may see."""
        return self._config.workspace

    def ask(self, question: str, transcript: Sequence[Turn] = ()) -> Iterator[AnswerPart]:
        """The parts of an answer: text in order, at last the whole.

        Raises:
            StoreError, EmbeddingError: the notes cannot be searched.
        """
        library = self.library
        parts = answer(
            question, library, self.review, model=self._model, agent=self._agent, transcript=transcript
        )
        return noting(self.gaps, question, transcript, library, parts)

    def open_gaps(self) -> list[tuple[Gap, list[Place]]]:
        """What was asked and stands in no note, with where it would belong."""
        return self._open_gaps.of(self.library)

    def go_on(self, proposal: str, run: Run | None) -> Iterator[AnswerPart]:
        """What the chat model says of a run of what it proposed, or of the person's no (None).

        Nothing where the proposal waits no more; a notice where the model failed.
        """
        if self._agent is None:
            return iter(())
        return going_on(self._agent, proposal, run, self.library)

    def waiting(self) -> list[Answer]:
        """Answers whose proposals wait for the person, oldest first; also those from before this start."""
        return self._agent.waiting(self.library) if self._agent is not None else []

    def drop(self, proposals: Iterable[str]) -> None:
        """Forgets proposals that nobody will say yes to."""
        if self._agent is not None:
            for proposal in proposals:
                self._agent.drop(proposal)

    def close(self) -> None:
        """Closes what is kept open for the chat model, and removes networks that wait for a next run."""
        self._spares.close()
        if self._agent is not None:
            self._agent.close()

    def review(self, line: str) -> Verdict:
        """The policy's word on a line; never raises for what a line says."""
        return self._sandbox.review(line)

    def review_steps(self, text: str) -> Steps:
        """The policy's word on each command in a text of several; one step for a text of one."""
        return review_steps(text, self.review)

    def explain(self, verdict: Verdict) -> Text:
        """The plan in words."""
        return explain_plan(verdict)

    def effects(self, verdict: Verdict) -> Effects | None:
        """What a line for a shell of this machine wants and whether it is so; None for any other line."""
        if verdict.kind != "host":
            return None
        return effects_of(verdict.line, Host(), look_at(self._engine))

    def stamp(self, command: Command) -> Stamp | None:
        """How a command of the notes went when it was last tried here; None where it was not."""
        return stamp_of(command, self._stamps)

    def touched(self, verdict: Verdict) -> tuple[Touched, ...]:
        """The objects on the Engine a plan would change, resolved now."""
        return self._sandbox.touched(verdict)

    def approve(self, verdict: Verdict, *, by: str, confirmed: Sequence[str] = ()) -> Approval:
        """A person's yes to a verdict; objects not made here must be named in ``confirmed``.

        Raises:
            RefusedPlanError: the verdict is a refusal, or an object was not named.
        """
        return self._sandbox.approve(verdict, by=by, confirmed=confirmed)

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
        """Carries out a verdict; a verdict of ask needs a fitting approval.

        ``console`` is where a person types, for a program that takes input.

        Raises:
            RefusedPlanError: refused, or not approved.
            ExecutionError: the Engine cannot be reached.
        """
        return self._sandbox.run(
            verdict,
            approval=approval,
            question=question,
            by=by,
            conversation=conversation,
            console=console,
        )

    def candidates(self, kind: PlaceholderKind) -> tuple[str, ...]:
        """Values that could be filled in for a placeholder, best first; none where no Engine answers."""
        try:
            return candidates(self._engine, kind, self._config.workspace)
        except ExecutionError:
            return ()

    def run_steps(
        self,
        steps: Steps,
        *,
        approve: Callable[[Verdict], Approval | None],
        question: str = "",
        by: str = "",
    ) -> Iterator[RunEvent]:
        """Carries several commands out in order; stops at the first that fails or is not approved.

        Raises:
            RefusedPlanError: one of them is refused, so none is run.
            ExecutionError: the Engine cannot be reached.
        """
        return run_steps(self._sandbox, steps, approve=approve, question=question, by=by)

    def cancel(self, run_id: str) -> None:
        """Ends a run that is under way; nothing happens where it is over."""
        self._sandbox.cancel(run_id)

    def undo(self, run: Run) -> Undone:
        """Takes back what a run made, as a run of its own in the record; see ``undo_recorded``."""
        return undo_recorded(self._engine, self._ledger, [run], by="web")

    def background(self, run: Run) -> Background | None:
        """How the container that a run left in the background is now; None where it left none.

        Raises:
            EngineUnavailableError: no Engine answers.
        """
        return self._sandbox.background(run)

    def end_overdue(self) -> list[Run]:
        """Ends what has run in the background for longer, or has written more, than it may.

        Raises:
            EngineUnavailableError: no Engine answers.
            LedgerError: the record of runs cannot be used.
        """
        return self._sandbox.end_overdue()

    def engine_status(self) -> EngineInfo | Text:
        """What the Engine says of itself, or what is missing and how to get it."""
        try:
            return self._engine.info()
        except ExecutionError as error:
            return error.text

    def gpu(self, approve: Callable[[Verdict], Approval | None]) -> Iterator[Rung | GpuReport]:
        """The GPU ladder, rung by rung, at last the report; ``approve`` is asked for each container."""
        return verify_gpu(self._sandbox, approve=approve)

    def runs(self, limit: int = 50) -> list[Run]:
        """The last runs, newest first."""
        return self._ledger.runs(limit)

    def diagnose(self, run: Run, language: Language) -> Diagnosis | None:
        """Why a run failed, what helps, and where the notes tell of it; None where nothing is known."""
        found = diagnose_run(run, language)
        if found is None:
            return None
        try:
            return completed(found, self.review, self.library, language)
        except KnowledgeError:
            return completed(found, self.review, None, language)

    def leftovers(self) -> list[Created]:
        """What earlier runs left on the Engine, newest first."""
        return leftovers(self._engine)

    def remove_leftovers(self) -> list[Created]:
        """Removes all that is labelled as ours from the Engine, and says what."""
        return remove_leftovers(self._engine)


def _agent_of(model: ChatModel | None, sandbox: Sandbox, config: AssistantConfig) -> NotesAgent | None:
    """The agent over a model of LangChain's; another (a test's) has no tools."""
    if model is None:
        return None
    from assistant.agent.agent import NotesAgent
    from assistant.model import LangChainModel

    return NotesAgent(model, sandbox, config) if isinstance(model, LangChainModel) else None
