"""Where tests find the rebuilt embedding model: where the product keeps it, so it is built once."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def model_cache() -> Path:
    return Path(
        os.environ.get("DOCKNOTES_CACHE") or platformdirs.user_cache_dir("docknotes", appauthor=False)
    )
