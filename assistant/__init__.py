"""Questions, commands, execution."""

from typing import TYPE_CHECKING

from knowledge.lazy import lazily

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.config import AssistantConfig, Limits
    from assistant.errors import (
        AssistantError,
        BusyError,
        CommandError,
        CommandSyntaxError,
        EngineUnavailableError,
        ExecutionError,
        ImageUnavailableError,
        KeepingError,
        LedgerError,
        ModelError,
        ObjectMissingError,
        PolicyError,
        RefusedPlanError,
        SandboxLostError,
        UnreadableFileError,
        UnsupportedCommandError,
    )
    from assistant.protocols import ChatModel, Engine
    from assistant.values import Answer, Citation, Command, Plan, Run, Verdict

__all__ = [
    "Answer",
    "Assistant",
    "AssistantConfig",
    "AssistantError",
    "BusyError",
    "ChatModel",
    "Citation",
    "Command",
    "CommandError",
    "CommandSyntaxError",
    "Engine",
    "EngineUnavailableError",
    "ExecutionError",
    "ImageUnavailableError",
    "KeepingError",
    "LedgerError",
    "Limits",
    "ModelError",
    "ObjectMissingError",
    "Plan",
    "PolicyError",
    "RefusedPlanError",
    "Run",
    "SandboxLostError",
    "UnreadableFileError",
    "UnsupportedCommandError",
    "Verdict",
]

_HOMES = {
    "Assistant": "assistant.assistant",
    **dict.fromkeys(("AssistantConfig", "Limits"), "assistant.config"),
    **dict.fromkeys((name for name in __all__ if name.endswith("Error")), "assistant.errors"),
    **dict.fromkeys(("ChatModel", "Engine"), "assistant.protocols"),
    **dict.fromkeys(("Answer", "Citation", "Command", "Plan", "Run", "Verdict"), "assistant.values"),
}

__getattr__ = lazily(__name__, _HOMES)
