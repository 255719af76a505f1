"""What each compose command does, in words."""

from __future__ import annotations

from assistant.values import ComposeCommand
from knowledge.language import Text


def effect(action: ComposeCommand) -> Text:
    """What the command does, as one to three sentences."""
    project = action.project
    match action.name:
        case "compose up":
            return _up(action)
        case "compose down":
            volumes = (" and volumes", "和数据卷") if action.is_on("volumes") else ("", "")
            which = (
                (f" of {', '.join(action.args)}", f"中 {'、'.join(action.args)} 的")
                if action.args
                else ("", "中")
            )
            return Text(
                f"It stops and removes the containers, networks{volumes[0]} of the project {project}"
                f"{which[0]} that docknotes made; what others made stays.",
                f"它会停止并删除项目 {project} {which[1]}由 docknotes 创建的容器、网络{volumes[1]}；"
                "其他程序创建的会保留。",
            )
        case "compose ps":
            return Text(
                f"It lists the containers of the project {project}.", f"它会列出项目 {project} 的容器。"
            )
        case "compose logs":
            return Text(
                f"It shows what the containers of the project {project} wrote.",
                f"它会显示项目 {project} 各容器的输出。",
            )
    return Text(
        "It shows the compose file as it is understood, with its variables put in.",
        "它会显示代入变量后的 compose 文件。",
    )


def _up(action: ComposeCommand) -> Text:
    names = [f"{item.run.name} ({item.run.image})" for item in action.containers]
    shown = names[:8] + ([f"… {len(names) - 8}"] if len(names) > 8 else [])
    end = (
        (
            "They run in the background as long as the policy lets them; `docker compose down` takes them "
            "away.",
            "它们在后台运行，时长以策略允许为限；用 `docker compose down` 删除。",
        )
        if action.is_on("detach") or action.is_on("wait")
        else (
            "Their output is shown until all have ended; then they stay, stopped.",
            "会显示它们的输出，直到全部结束；之后它们会保留在停止状态。",
        )
    )
    count = f"{len(names)} container{'s' if len(names) > 1 else ''}"
    waits = any(item.needs for item in action.containers)
    waiting = (" in the order they depend on each other", "按依赖顺序") if waits else ("", "")
    return Text(
        f"It creates and starts {count} of the project {action.project}{waiting[0]}: "
        f"{', '.join(shown)}. If one cannot be started, all of them are taken away again. {end[0]}",
        f"它会{waiting[1]}创建并启动项目 {action.project} 的 {len(names)} 个容器：{'、'.join(shown)}。"
        f"其中任何一个无法启动，就会全部撤回。{end[1]}",
    )
