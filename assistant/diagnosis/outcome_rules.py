"""Causes an outcome tells by itself."""

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

OUT_OF_MEMORY = Text("exit code 137 and out of memory OOM", "退出码 137 与内存不足 OOM")
OUT_OF_MEMORY_ABOUT = ("OOMKilled", "137")

OUTCOME_RULES: tuple[Rule, ...] = (
    Rule(
        "time-limit",
        (),
        (),
        "docknotes: assistant/execution/outcome.py",
        Text(
            "docknotes ended the run: it took longer than a run may.",
            "docknotes 结束了这次运行：它超过了允许的时间。",
        ),
        Text(
            "Let it run in the background with `-d`, or give runs more time with DOCKNOTES_TIME.",
            "请用 `-d` 让它在后台运行，或用 DOCKNOTES_TIME 放宽时间上限。",
        ),
        Text("common options of docker run -d background", "docker run 的常用选项 -d 后台运行"),
        ("-d",),
        outcomes=("timed_out",),
    ),
    Rule(
        "output-limit",
        (),
        (),
        "docknotes: assistant/execution/outcome.py",
        Text(
            "docknotes ended the run: it wrote more than a run may.",
            "docknotes 结束了这次运行：它的输出超过了上限。",
        ),
        Text(
            "Let the program say less, or start it with `-d` and read the end of its log.",
            "请让程序少输出一些，或用 `-d` 启动，再看日志的末尾。",
        ),
        Text("read the logs docker logs --tail", "看日志 docker logs --tail"),
        ("docker logs",),
        outcomes=("output_limit",),
    ),
    Rule(
        "out-of-memory",
        ("engine", "client"),
        (r"\"OOMKilled\": true", r"oom-kill", r"memory cgroup out of memory"),
        "Linux: mm/oom_kill.c; moby: container/state.go (OOMKilled)",
        Text(
            "The container used more memory than it may, and the kernel ended it.",
            "容器使用的内存超过了上限，被内核终止。",
        ),
        Text(
            "Give it more with `-m`, or let the program need less.", "请用 `-m` 放宽上限，或让程序少用内存。"
        ),
        OUT_OF_MEMORY,
        OUT_OF_MEMORY_ABOUT,
        ("docker stats --no-stream",),
        outcomes=("out_of_memory",),
    ),
)
