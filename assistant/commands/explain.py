"""A verdict's plan in words: what will be there afterwards, and what will not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.commands.mount_rules import mounted
from assistant.commands.other_texts import effect
from assistant.values import (
    Decision,
    Inspect,
    ListContainers,
    ListImages,
    OtherCommand,
    PullImage,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    ShowInfo,
    ShowVersion,
    StopContainers,
    Verdict,
)
from knowledge.language import Text


def explain_plan(verdict: Verdict) -> Text:
    """What the plan does, in one to five short sentences; for a verdict without a plan, why there is none."""
    if verdict.plan is None:
        return _joined(
            [reason.text for reason in verdict.reasons] or [Text(en="Nothing is done.", zh="什么也不做。")]
        )
    match verdict.plan.action:
        case RunContainer() as action:
            return _run(action, verdict)
        case StopContainers(containers=names, timeout_seconds=seconds):
            wait = 10 if seconds is None else seconds
            return Text(
                en=f"Stops {_and(names)}: asks first, and ends what still runs after {wait} seconds.",
                zh=f"停止 {_list(names)}：先请求退出，{wait} 秒后仍在运行则强制结束。",
            )
        case RemoveContainers(containers=names, force=force, volumes=volumes):
            return _remove(names, force=force, volumes=volumes)
        case PullImage(reference=reference):
            return Text(
                en=f"Downloads the image {reference} to the Engine; it stays there until it is removed.",
                zh=f"把镜像 {reference} 下载到引擎；它会保留，直到被删除。",
            )
        case action:
            return _other(action, verdict) if isinstance(action, OtherCommand) else _reads(action)


def _other(action: OtherCommand, verdict: Verdict) -> Text:
    refusals = verdict.reasons if verdict.decision is Decision.REFUSE else ()
    return _joined([effect(action), *(reason.text for reason in refusals)])


def _joined(texts: Sequence[Text]) -> Text:
    return Text(en=" ".join(text.en for text in texts), zh="".join(text.zh for text in texts))


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _list(names: Sequence[str]) -> str:
    return "、".join(names)


# ---- run


def _run(action: RunContainer, verdict: Verdict) -> Text:
    named = (f" named {action.name}", f"名为 {action.name} 的") if action.name else ("", "")
    behind = (", in the background", "，在后台运行") if action.detach else ("", "")
    does = ("Creates and starts", "创建并启动")
    if not action.start:
        does = ("Creates, without starting it,", "创建（不启动）")
    sentences = [
        Text(
            en=f"{does[0]} a container{named[0]} from the image {action.image}{behind[0]}.",
            zh=f"用镜像 {action.image} {does[1]}一个{named[1]}容器{behind[1]}。",
        )
    ]
    body = _body(action, verdict)
    host = body["HostConfig"]
    if program := [*(body.get("Entrypoint") or ()), *(body.get("Cmd") or ())]:
        shown = " ".join(program)
        shown = shown if len(shown) <= 80 else shown[:77] + "…"
        sentences.append(Text(en=f"It runs `{shown}`.", zh=f"容器中执行 `{shown}`。"))
    sentences += _access(host)
    sentences.append(_end(action))
    if verdict.decision is Decision.REFUSE:
        return _joined(
            [Text(en="This is refused; it would do this:", zh="已被拒绝；它原本会："), *sentences[:3]]
        )
    return _joined(sentences[:5])


def _body(action: RunContainer, verdict: Verdict) -> Mapping[str, Any]:
    operations = verdict.plan.operations if verdict.plan else ()
    return next(
        (op.as_run for op in operations if op.path == "/containers/create" and op.as_run), action.body
    )


def _access(host: Mapping[str, Any]) -> list[Text]:
    """What the container is given: ports, files, GPUs, a network."""
    sentences = []
    ports = [
        f"{entry.get('HostPort') or '…'}→{port.removesuffix('/tcp')}"
        for port, entries in (host.get("PortBindings") or {}).items()
        for entry in entries
    ]
    if ports:
        sentences.append(
            Text(
                en=f"Ports open on this machine only (here→container): {', '.join(ports)}.",
                zh=f"仅对本机开放的端口（本机→容器）：{_list(ports)}。",
            )
        )
    if files := _files(host):
        sentences.append(
            Text(en=f"Its files from outside: {', '.join(files)}.", zh=f"来自容器外的文件：{_list(files)}。")
        )
    gpus = bool(host.get("DeviceRequests"))
    offline = host.get("NetworkMode") == "none"
    if gpus:
        sentences.append(Text(en="It may use the GPU.", zh="它可以使用 GPU。"))
    if offline:
        sentences.append(Text(en="It has no network.", zh="它没有网络。"))
    return sentences


def _files(host: Mapping[str, Any]) -> list[str]:
    try:
        entries = list(mounted(host))
    except (ValueError, AttributeError, TypeError):
        return []
    return [
        f"{entry.source or entry.kind}→{entry.target}" + (" (ro)" if entry.read_only else "")
        for entry in entries
    ]


def _end(action: RunContainer) -> Text:
    if action.remove:
        return Text(en="It is removed when it ends.", zh="结束后会被删除。")
    return Text(en="It stays on the Engine until it is removed.", zh="它会保留在引擎上，直到被删除。")


# ---- the others


def _remove(names: Sequence[str], *, force: bool, volumes: bool) -> Text:
    running = ("; running ones are ended first", "；正在运行的会先被强制结束") if force else ("", "")
    with_volumes = (
        (" Their unnamed volumes go with them.", "其匿名数据卷也会一并删除。") if volumes else ("", "")
    )
    return Text(
        en=f"Removes {_and(names)} for good, with everything written inside{running[0]}.{with_volumes[0]}",
        zh=f"永久删除 {_list(names)} 以及其中写入的一切{running[1]}。{with_volumes[1]}",
    )


def _reads(action: Any) -> Text:
    match action:
        case ListContainers(all=every):
            text = Text(
                en="Lists " + ("all containers, also stopped ones." if every else "the running containers."),
                zh="列出" + ("所有容器，包括已停止的。" if every else "正在运行的容器。"),
            )
        case ListImages(reference=reference):
            text = Text(
                en="Lists the images on the Engine" + (f" that match {reference}." if reference else "."),
                zh="列出引擎上" + (f"与 {reference} 匹配的镜像。" if reference else "的镜像。"),
            )
        case ReadLogs(container=name, follow=follow):
            text = Text(
                en=f"Shows what {name} wrote" + (", and goes on as it writes more." if follow else "."),
                zh=f"显示 {name} 的输出" + ("，并持续显示新的输出。" if follow else "。"),
            )
        case Inspect(names=names):
            text = Text(
                en=f"Shows what the Engine knows about {_and(names)}.",
                zh=f"显示引擎中关于 {_list(names)} 的信息。",
            )
        case ShowInfo():
            text = Text(en="Shows the state of the Engine.", zh="显示引擎的状态。")
        case ShowVersion():
            text = Text(en="Shows the version of the Engine.", zh="显示引擎的版本。")
        case _:
            text = Text(en="Reads from the Engine.", zh="从引擎读取信息。")
    return _joined([text, Text(en="Nothing is changed.", zh="不会改变任何东西。")])
