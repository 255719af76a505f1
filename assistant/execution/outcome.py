"""How a run ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.values import OutcomeKind
from knowledge.language import Text

Stopped = Literal["timed_out", "cancelled", "output_limit", "disk_limit"]


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a run; ``exit_code`` None means unknown or none, and is never guessed."""

    outcome: OutcomeKind
    exit_code: int | None = None
    error: Text | None = None


def ending_of(
    exit_code: int | None, *, out_of_memory: bool = False, stopped: Stopped | None = None
) -> Ending:
    """The ending of a container from what the Engine says of it, and whether it was stopped here."""
    if stopped is not None:
        return Ending(stopped, exit_code, _STOPPED[stopped])
    if exit_code is None:
        return Ending("lost", None, _UNKNOWN)
    if exit_code == 0:
        return Ending("succeeded", 0)
    if out_of_memory:
        return Ending("out_of_memory", exit_code, _OUT_OF_MEMORY)
    return Ending("failed", exit_code, _EXIT_CODES.get(exit_code))


def unexpected(error: Exception) -> Text:
    """What is said of a fault of the program itself."""
    name = type(error).__name__
    return Text(
        f"The run failed inside docknotes ({name}); this is a fault of the program, please report it.",
        f"运行在 docknotes 内部失败（{name}）；这是程序的错误，请报告。",
    )


_STOPPED: dict[Stopped, Text] = {
    "timed_out": Text("The run was stopped: it reached the time limit.", "运行已被停止：达到了时间上限。"),
    "cancelled": Text("The run was cancelled.", "运行已取消。"),
    "disk_limit": Text(
        "The run was stopped: the container wrote more into itself than it may.",
        "运行已被停止：容器写入自身的数据超过了上限。",
    ),
    "output_limit": Text(
        "The run was stopped: it reached the output limit. What it wrote until then is kept.",
        "运行已被停止：输出达到了上限。此前的输出已保留。",
    ),
}
_UNKNOWN = Text(
    "The end of the run was not seen, so its exit code is not known.",
    "没有观察到运行的结束，因此退出码未知。",
)
_OUT_OF_MEMORY = Text(
    "The container used more memory than it may, and the kernel ended it. Give it more with `--memory`, "
    "or let it need less.",
    "容器使用的内存超过了上限，已被内核终止。可以用 `--memory` 放宽上限，或减少它的内存用量。",
)
_EXIT_CODES: dict[int, Text] = {
    125: Text("Exit code 125: Docker itself could not start it.", "退出码 125:Docker 自身未能启动它。"),
    126: Text(
        "Exit code 126: the command is there but cannot be executed.", "退出码 126：命令存在，但无法执行。"
    ),
    127: Text("Exit code 127: the command was not found in the image.", "退出码 127：镜像里找不到该命令。"),
    137: Text(
        "Exit code 137: it was ended by SIGKILL, from outside or for lack of memory.",
        "退出码 137：它被 SIGKILL 终止，可能来自外部，也可能是因为内存不足。",
    ),
    139: Text("Exit code 139: the program crashed (segmentation fault).", "退出码 139：程序崩溃（段错误）。"),
    143: Text("Exit code 143: it was asked to end (SIGTERM).", "退出码 143：它收到了结束请求（SIGTERM）。"),
}
