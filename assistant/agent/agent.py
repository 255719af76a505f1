"""The agent: searches the notes by itself, looks at the Engine, and proposes commands to the person."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from assistant.agent.checkpoints import Checkpoints
from assistant.agent.desk import Desk, excerpt_of, restored
from assistant.agent.outcomes import decisions_for
from assistant.agent.tools import LOOKS, PROPOSE, WAITS, make_tools, step_of
from assistant.agent.trying import Ways
from assistant.config import AssistantConfig
from assistant.errors import ModelError
from assistant.execution.sandbox import Sandbox
from assistant.grounding import ground
from assistant.model import LangChainModel, untraced
from assistant.model_faults import lost_in_tools, said_nothing
from assistant.origins import Origins
from assistant.prompts import agent_rules, conversation, question_with
from assistant.values import (
    Answer,
    AnswerDone,
    AnswerPart,
    AnswerText,
    Command,
    Origin,
    Run,
    SuggestedCommand,
    Turn,
)
from knowledge.language import Language, language_of
from knowledge.library import Library
from knowledge.values import Hit

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph

MOST_REPLIES = 6
"""How often the model is asked for one answer; each reply may call tools, the last has to answer."""

MOST_WAITING = 50
"""How many proposals are kept for the person; the oldest go first."""


@dataclass(slots=True)
class _Work:
    """One question in the agent's hands; ``own`` is the answer from the notes' own words."""

    thread: str
    question: str
    desk: Desk
    own: Answer | None

    @property
    def language(self) -> Language:
        """What is answered in."""
        return self.own.language if self.own is not None else language_of(self.question)


class NotesAgent:
    """Answers with a model that uses tools; what it proposes waits in a file for the person."""

    def __init__(self, model: LangChainModel, sandbox: Sandbox, config: AssistantConfig) -> None:
        self._model = model
        self._sandbox = sandbox
        self._ways = Ways(config.home / "models.json")
        self._checkpoints = Checkpoints(config.home / "proposals.sqlite3")
        self._reader: CompiledStateGraph[Any, Any, Any, Any] | None = None

    @property
    def is_tried(self) -> bool:
        """Whether it is known whether the model uses tools."""
        return self._ways.known(self._model) is not None

    def uses_tools(self) -> bool:
        """Whether the model uses tools; tried once.

        Raises:
            ModelError: it could not be tried.
        """
        return self._ways.uses_tools(self._model)

    def answer(
        self, question: str, hits: Sequence[Hit], library: Library, own: Answer, transcript: Sequence[Turn]
    ) -> Iterator[AnswerPart]:
        """The parts of an answer; hits are what was found for the question, with their surroundings.

        Raises:
            ModelError: the model failed, or did nothing but call tools.
        """
        self._make_room()
        desk = Desk(library, self._sandbox, list(hits))
        work = _Work(secrets.token_urlsafe(12), question, desk, own)
        given = {
            "messages": [*conversation(transcript), ("user", question_with(question, hits, own.language))],
            "question": question,
            "excerpts": [excerpt_of(n, hit) for n, hit in enumerate(hits, start=1)],
        }
        yield from self._done(work, given)

    def go_on(self, proposal: str, run: Run | None, library: Library) -> Iterator[AnswerPart]:
        """What the model says once the person ran what it proposed (``run``), or declined (None).

        Nothing where the proposal waits no more. Its output is handed over as data.

        Raises:
            ModelError: the model failed; what it proposed no longer waits then.
        """
        work = self._taken_up(proposal, library)
        if work is None:
            return
        from langgraph.types import Command as Resume

        requests = _requests(self._state(work.thread))
        yield from self._done(work, Resume(resume={"decisions": decisions_for(requests, proposal, run)}))

    def waiting(self, library: Library) -> list[Answer]:
        """The answers whose proposals wait for the person, oldest first; also those of an earlier start."""
        if not self._checkpoints.is_there:
            return []
        found = []
        for thread in self._checkpoints.threads():
            work = self._taken_up(f"{thread}.0", library)
            if work is None:
                self._checkpoints.forget(thread)  # it was being written when the program ended
            else:
                found.append(self._answer(work, self._state(thread)))
        return found

    def drop(self, proposal: str) -> None:
        """Forgets a proposal that nobody will say yes to."""
        self._checkpoints.forget(proposal.rpartition(".")[0])

    def close(self) -> None:
        """Closes the file of what waits."""
        self._reader = None  # it holds the file as it was opened
        self._checkpoints.close()

    # ---- one work

    def _done(self, work: _Work, given: Any) -> Iterator[AnswerPart]:
        """Runs the agent till it has answered or proposed, and says what came of it."""
        waits = False
        try:
            graph = self._graph(work)
            yield from self._stream(graph, work, given)
            state = graph.get_state(_place(work.thread))
            waits = bool(_requests(state))
            yield AnswerDone(self._answer(work, state))
        finally:
            if not waits:
                self._checkpoints.forget(work.thread)

    def _stream(
        self, graph: CompiledStateGraph[Any, Any, Any, Any], work: _Work, given: Any
    ) -> Iterator[AnswerPart]:
        from langchain_core.messages import AIMessageChunk

        from assistant.agent.guard import Guard

        guard = Guard(self._model)
        config: Any = {**_place(work.thread), "callbacks": [guard], "recursion_limit": 10 * MOST_REPLIES}
        try:
            parts: Any = graph.stream(given, config, stream_mode=["messages", "updates"])
            for mode, item in untraced(iter(parts)):
                if mode == "messages" and isinstance(item[0], AIMessageChunk):
                    if text := str(item[0].text):
                        yield AnswerText(text)
                elif mode == "updates":
                    for message in (item.get("model") or {}).get("messages", ()):
                        for call in message.tool_calls:
                            yield step_of(call["name"], call["args"])
        except Exception as error:
            if type(error).__name__ in ("ModelCallLimitExceededError", "GraphRecursionError"):
                raise ModelError(lost_in_tools(self._model.name)) from error
            raise self._model.failed(error) from error
        finally:
            guard.left.set()

    def _graph(self, work: _Work) -> CompiledStateGraph[Any, Any, Any, Any]:
        from langchain.agents import create_agent
        from langchain.agents.middleware import HumanInTheLoopMiddleware, ModelCallLimitMiddleware

        from assistant.agent.state import NotesState

        asks: Any = {
            "allowed_decisions": ["respond", "reject"],
            "when": lambda request: work.desk.waits(str(request.tool_call["args"].get("command", ""))),
        }
        middleware: list[Any] = [
            HumanInTheLoopMiddleware(interrupt_on={PROPOSE: asks}),
            ModelCallLimitMiddleware(run_limit=MOST_REPLIES, exit_behavior="error"),
        ]
        return create_agent(
            self._model.chat,
            make_tools(work.desk),
            system_prompt=agent_rules(work.language),
            middleware=middleware,
            state_schema=NotesState,
            checkpointer=self._checkpoints.saver(),
        )

    def _answer(self, work: _Work, state: Any) -> Answer:
        """The model's last words held against the notes, with what it proposes."""
        requests = _requests(state)
        messages = state.values["messages"]
        text = str(messages[-1].text).strip()
        if not text and not requests:
            raise ModelError(said_nothing(self._model.name))
        desk = work.desk
        seen = [str(one.content) for one in messages if one.type == "tool" and one.name in LOOKS]
        answer = ground(work.question, text, desk.hits, desk.library, desk.review, own=work.own, seen=seen)
        if requests and not answer.answered:
            answer = work.own or replace(answer, text=WAITS.said_in(answer.language), flags=())
        answered = answer.answered or work.own is None  # what is said of a run rests on the run
        answer = replace(answer, model=self._model.name, answered=answered)
        return self._with_proposals(answer, work, requests)

    def _with_proposals(self, answer: Answer, work: _Work, requests: Sequence[Any]) -> Answer:
        origins = Origins.of(work.question, work.desk.hits, work.desk.library)
        proposed: dict[str, SuggestedCommand] = {}
        for at, request in enumerate(requests):
            line = " ".join(str(request["args"].get("command", "")).split())
            command = origins.origin_of(Command(line, Origin.MODEL, line)).command
            known = next((c for c in answer.commands if c.command.text == command.text), None)
            suggested = known or SuggestedCommand(command, work.desk.review(command.text))
            proposed.setdefault(command.text, replace(suggested, proposal=f"{work.thread}.{at}"))
        others = [c for c in answer.commands if c.command.text not in proposed]
        if not proposed:
            return answer
        return replace(answer, commands=(*proposed.values(), *others))

    def _taken_up(self, proposal: str, library: Library) -> _Work | None:
        """The work a proposal belongs to, as it was left; None where nothing waits there."""
        thread = proposal.rpartition(".")[0]
        if not thread or not self._checkpoints.is_there:
            return None
        state = self._state(thread)
        if not _requests(state):
            return None
        kept = list(state.values.get("excerpts", ()))
        for message in state.values["messages"]:
            kept += getattr(message, "artifact", None) or ()
        desk = Desk(library, self._sandbox, restored(kept, library))
        return _Work(thread, state.values["question"], desk, None)

    def _state(self, thread: str) -> Any:
        """What is kept of a work; read through a graph of its own, which runs nothing."""
        if self._reader is None:
            nothing = cast("Library", None)  # no tool runs, and old notes are not held on to
            self._reader = self._graph(_Work("", "", Desk(nothing, self._sandbox), None))
        return self._reader.get_state(_place(thread))

    def _make_room(self) -> None:
        for thread in self._checkpoints.threads()[:-MOST_WAITING]:
            self._checkpoints.forget(thread)


def _place(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread}}


def _requests(state: Any) -> list[Any]:
    """The proposals a state waits with, in the order the model made them."""
    return [one for interrupt in state.interrupts for one in interrupt.value["action_requests"]]
