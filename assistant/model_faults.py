"""What went wrong with a chat model, in one line that says what to try."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.language import Text

_MOST_SAID = 200  # characters of a server's own words

_TOO_MANY = 429
_NOT_ALLOWED = (401, 403)
_NOT_THERE = 404


def fault(error: Exception, name: str, url: str | None, *, silent_seconds: float, secret: str | None) -> Text:
    """The line for an error of a provider's package, told by its kind and its HTTP status.

    Args:
        error: as LangChain or the provider's package raised it.
        name: the model, ``provider:name``.
        url: the server's address, where one was given.
        silent_seconds: how long the server was waited for.
        secret: what must not stand in the line.
    """
    chain = list(_chain(error))
    who_en = f"The chat model {name}" + (f" ({url})" if url else "")
    who_zh = f"聊天模型 {name}" + (f"（{url}）" if url else "")
    if missing := next((one for one in chain if isinstance(one, ImportError)), None):
        return _no_package(name, missing.name or str(missing))
    status = next((code for one in chain if (code := status_of(one)) is not None), None)
    kinds = " ".join(type(one).__name__ for one in chain)
    said = _said(error, secret)
    if status is not None:
        tip = _for_status(status)
        return Text(f"{who_en} refused ({said}). {tip.en}", f"{who_zh} 拒绝了请求（{said}）。{tip.zh}")
    if "Timeout" in kinds:
        return Text(
            f"{who_en} said nothing for {silent_seconds:g} seconds. Check that its server is not overloaded, "
            "or set DOCKNOTES_MODEL to a smaller model.",
            f"{who_zh} 在 {silent_seconds:g} 秒内没有任何回应。请检查服务是否过载，"
            "或把 DOCKNOTES_MODEL 设为更小的模型。",
        )
    if "Connect" in kinds:
        return Text(
            f"{who_en} cannot be reached. Start its server, or correct DOCKNOTES_MODEL_URL.",
            f"{who_zh} 连接不上。请启动模型服务，或更正 DOCKNOTES_MODEL_URL。",
        )
    if any(part in kinds for part in ("JSON", "Decode", "Protocol", "Validation")):
        return Text(
            f"{who_en} sent something that cannot be understood ({said}). Check that DOCKNOTES_MODEL_URL "
            "is the address of a chat model's server.",
            f"{who_zh} 返回了无法理解的内容（{said}）。请检查 DOCKNOTES_MODEL_URL 是否是聊天模型服务的地址。",
        )
    return Text(
        f"{who_en} did not answer: {said}. Check DOCKNOTES_MODEL and DOCKNOTES_MODEL_URL, and that the "
        "server runs.",
        f"{who_zh} 没有回答：{said}。请检查 DOCKNOTES_MODEL 和 DOCKNOTES_MODEL_URL，并确认服务正在运行。",
    )


def broke_off(name: str) -> Text:
    """The line for a reply that stopped in the middle."""
    return Text(
        f"The chat model {name} broke off in the middle of its answer. Check its server, then ask again.",
        f"聊天模型 {name} 的回答中途断开。请检查模型服务，然后再问一次。",
    )


def endless(name: str) -> Text:
    """The line for a reply that was ended here."""
    return Text(
        f"The chat model {name} came to no end and was stopped. Ask again, or set DOCKNOTES_MODEL to "
        "another model.",
        f"聊天模型 {name} 的回答没有尽头，已被停止。请再问一次，或把 DOCKNOTES_MODEL 设为别的模型。",
    )


def lost_in_tools(name: str) -> Text:
    """The line for a model that kept calling tools, or called none that there is."""
    return Text(
        f"The chat model {name} kept using its tools and gave no answer. Ask again, or set DOCKNOTES_MODEL "
        "to another model.",
        f"聊天模型 {name} 一直在使用工具，没有给出回答。请再问一次，或把 DOCKNOTES_MODEL 设为别的模型。",
    )


def said_nothing(name: str) -> Text:
    """The line for an empty reply."""
    return Text(
        f"The chat model {name} gave an empty answer. Ask again, or set DOCKNOTES_MODEL to another model.",
        f"聊天模型 {name} 的回答是空的。请再问一次，或把 DOCKNOTES_MODEL 设为别的模型。",
    )


def _no_package(name: str, missing: str) -> Text:
    provider = name.partition(":")[0]
    return Text(
        f"The chat model {name} needs a package that is not installed ({missing}). "
        f"Install docknotes[{provider}], or the LangChain package of that provider.",
        f"聊天模型 {name} 需要的软件包没有安装（{missing}）。"
        f"请安装 docknotes[{provider}]，或该提供方的 LangChain 软件包。",
    )


def _for_status(status: int) -> Text:
    if status in _NOT_ALLOWED:
        return Text("Set DOCKNOTES_MODEL_KEY to a valid key.", "请把 DOCKNOTES_MODEL_KEY 设为有效的密钥。")
    if status == _TOO_MANY:
        return Text(
            "It has had too many requests or the account's limit is reached: wait a little, then ask again.",
            "请求过于频繁，或账户额度已用完：请稍等再问。",
        )
    if status == _NOT_THERE:
        return Text(
            "Check the model's name in DOCKNOTES_MODEL, and the address in DOCKNOTES_MODEL_URL.",
            "请检查 DOCKNOTES_MODEL 中的模型名和 DOCKNOTES_MODEL_URL 中的地址。",
        )
    return Text("Look into the server's log.", "请查看模型服务的日志。")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what caused it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def status_of(error: BaseException) -> int | None:
    """The HTTP status, where the package's error carries one."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _said(error: Exception, secret: str | None) -> str:
    """What the server or the package said, on one line, without the secret."""
    said = " ".join(str(error).split())
    if secret:
        said = said.replace(secret, "***")
    return said[:_MOST_SAID].rstrip(" .") or type(error).__name__
