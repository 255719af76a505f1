"""The notes as a LangChain retriever."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.protocols import Retriever


class NotesRetriever(BaseRetriever):
    """Hits as LangChain documents: the note's exact lines, with what a citation needs as metadata.

    ``metadata`` holds ``note``, ``headings`` (list), ``first_line``, ``last_line`` (from 1,
    inclusive), ``language`` and ``score`` (higher is better).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    limit: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                id=hit.chunk.id,
                page_content=hit.chunk.text,
                metadata={
                    "note": hit.chunk.note,
                    "headings": list(hit.chunk.headings),
                    "first_line": hit.chunk.first_line,
                    "last_line": hit.chunk.last_line,
                    "language": hit.chunk.language,
                    "score": hit.score,
                },
            )
            for hit in self.retriever.search(query, limit=self.limit)
        ]
