"""Chat models through LangChain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from assistant.errors import ModelError
from knowledge.language import Text

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_TIMEOUT_SECONDS = 120


class LangChainModel:
    """Any chat model LangChain knows, by ``provider:name``; made at its first use."""

    def __init__(self, name: str, *, url: str | None = None, key: str | None = None) -> None:
        self._name = name
        self._url = url
        self._key = key
        self._model: BaseChatModel | None = None

    @property
    def name(self) -> str:
        """``provider:name`` as the person configured it."""
        return self._name

    def stream(self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]]) -> Iterator[str]:
        """Pieces of the model's reply, in order.

        Raises:
            ModelError: the model cannot be made or reached, refused, or broke off.
        """
        try:
            if self._model is None:
                self._model = self._make()
            for piece in self._model.stream([(role, text) for role, text in messages]):
                if text := str(piece.text):
                    yield text
        except ImportError as error:
            provider = self._name.partition(":")[0]
            raise ModelError(
                Text(
                    en=f"The chat model {self._name} needs a package that is not installed ({error.name}). "
                    f"Install docknotes[{provider}], or the LangChain package of that provider.",
                    zh=f"聊天模型 {self._name} 需要的软件包没有安装（{error.name}）。"
                    f"请安装 docknotes[{provider}]，或该提供方的 LangChain 软件包。",
                )
            ) from error
        except ModelError:
            raise
        except Exception as error:  # each provider's package raises its own classes
            raise self._failed(error) from error

    def _make(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"temperature": 0}
        if self._url:
            options["base_url"] = self._url
        if self._name.startswith("openai:"):
            # A server of the person's own needs no key, but the client will not start without one.
            options["api_key"] = self._key or ("none" if self._url else None)
            options |= {"timeout": _TIMEOUT_SECONDS, "max_retries": 0}
        elif self._key:
            options["api_key"] = self._key
        model: BaseChatModel = init_chat_model(self._name, **options)
        return model

    def _failed(self, error: Exception) -> ModelError:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        where = f" ({self._url})" if self._url else ""
        return ModelError(
            Text(
                en=f"The chat model {self._name}{where} did not answer: {said}. Check DOCKNOTES_MODEL and "
                "DOCKNOTES_MODEL_URL, and that the server runs.",
                zh=f"聊天模型 {self._name}{where} 没有回答：{said}。"
                "请检查 DOCKNOTES_MODEL 和 DOCKNOTES_MODEL_URL，并确认服务正在运行。",
            )
        )
