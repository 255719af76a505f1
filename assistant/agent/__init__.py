"""A chat model that looks things up by itself: a LangChain agent whose tools only read or propose."""
