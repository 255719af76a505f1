"""The tools of the agent. Four only read; the fifth proposes, and waits for the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.agent.desk import Desk, Excerpt
from assistant.execution.clean import visible
from assistant.values import AnswerStep
from knowledge.language import Text

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

PROPOSE = "propose_command"
"""The tool whose calls wait for the person."""

LOOKS = frozenset({"engine_state", "gpu_report", PROPOSE})
"""Tools whose answers tell of the machine, not of the notes."""

WAITS = Text(
    en="This command was proposed, and waits for what you decide.",
    zh="建议运行下面的命令，正在等你决定。",
)
"""Said where a model proposed a command and said nothing else."""

_MOST_SHOWN = 80

_STEPS: Mapping[str, Text] = {
    "search_notes": Text(en="Searches your notes for “{query}”", zh="在笔记中查找“{query}”"),
    "read_section": Text(en="Reads “{heading}” in {note}", zh="阅读 {note} 中的“{heading}”"),
    "engine_state": Text(en="Looks at the Engine’s containers and images", zh="查看 Engine 上的容器和镜像"),
    "gpu_report": Text(en="Checks what is known of the GPU", zh="查看 GPU 的情况"),
    PROPOSE: Text(en="Proposes `{command}`", zh="建议运行 `{command}`"),
}
_NO_SUCH = Text(en="Asks for a tool that does not exist: {name}", zh="请求了一个不存在的工具：{name}")


def make_tools(desk: Desk) -> list[BaseTool]:
    """The tools over one desk, as LangChain takes them; their descriptions are for the model."""
    from langchain_core.tools import StructuredTool

    def search_notes(query: str) -> tuple[str, list[Excerpt]]:
        """Search the person's notes; returns numbered excerpts to cite."""
        return desk.search(query)

    def read_section(note: str, heading: str) -> tuple[str, list[Excerpt]]:
        """Read one section of a note in full: the note's path and the section's heading."""
        return desk.read(note, heading)

    def engine_state() -> str:
        """The Docker Engine's version, containers and images on the person's machine."""
        return desk.engine()

    def gpu_report() -> str:
        """What is known about GPUs in Docker on the person's machine."""
        return desk.gpu()

    def propose_command(command: str) -> str:
        """Propose one docker command line to run. The person decides; nothing is run by this tool."""
        return desk.refused(command)

    citing = [
        StructuredTool.from_function(tool, response_format="content_and_artifact")
        for tool in (search_notes, read_section)
    ]
    plain = [StructuredTool.from_function(tool) for tool in (engine_state, gpu_report, propose_command)]
    return [*citing, *plain]


def step_of(name: str, arguments: Mapping[str, Any]) -> AnswerStep:
    """A tool call in one line for the person."""
    shown = {key: visible(str(value))[:_MOST_SHOWN] for key, value in arguments.items()}
    text = _STEPS.get(name)
    if text is None:
        named = visible(name)[:_MOST_SHOWN]
        return AnswerStep(named, Text(_NO_SUCH.en.format(name=named), _NO_SUCH.zh.format(name=named)))
    known = {key: shown.get(key, "…") for key in ("query", "note", "heading", "command")}
    return AnswerStep(name, Text(text.en.format_map(known), text.zh.format_map(known)))
