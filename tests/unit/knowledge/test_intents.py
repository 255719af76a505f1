"""What a command line does in words, which intents a text speaks of, and what a question is after."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.command_words import command_words, lines_in
from knowledge.intents import KINDS, Likely, intents, intents_of_line, learned, spoken_in, spoken_of
from knowledge.values import Chunk
from tests.library import library_of

NUMBERS = {intent.name: number for number, intent in enumerate(intents())}
NAMES = list(NUMBERS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("docker ps -aq", "docker container ls --all --quiet"),
        ("docker rmi nginx", "docker image rm nginx"),
        ("sudo docker logs -n 5 web", "docker container logs --tail=5 web"),
        ("docker-compose up -d", "docker compose up --detach"),
        ("docker run -itd ubuntu", "docker container run -i -t --detach ubuntu"),
        ("docker build -t a .", "docker image build --tag a ."),
    ],
)
def test_two_ways_of_writing_a_line_come_to_the_same_words(one: str, other: str) -> None:
    assert command_words(one) == command_words(other)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("docker run -v data:/d alpine ls", {"run", "-v", "-v:volume", "+command"}),
        ("docker run -v ./site:/d:ro alpine", {"run", "-v", "-v:host", ":ro"}),
        ("docker run --mount type=bind,src=/a,dst=/b alpine", {"run", "--mount", "-v:host"}),
        ("docker cp web:/a .", {"cp", ":from"}),
        ("docker cp a web:/a", {"cp", ":to"}),
        ("docker stop $(docker ps -q)", {"stop", "+nested"}),
        ("docker compose -f a.yml --profile dev up", {"compose-up", "compose:-f", "compose:--profile"}),
        ("docker volume ls", {"volume", "volume-ls"}),
        ("docker", {"docker"}),
        ("docker --version", {"docker"}),
        ("kubectl rollout undo deployment/web", {"kubectl", "kubectl-rollout", "undo", "deployment/web"}),
        ("sudo", set()),
        ("", set()),
    ],
)
def test_words_of_a_line(line: str, words: set[str]) -> None:
    assert command_words(line) == words


def test_lines_are_found_in_code_and_in_sentences() -> None:
    text = "Use `docker ps -a`; then\n\n```bash\nsudo docker rm web | cat\n```\nnot mydocker run x"
    assert lines_in(text) == ["docker ps -a", "docker rm web "]


@pytest.mark.parametrize(
    ("line", "closest", "served"),
    [
        ("docker ps -a", {"docker ps -a"}, {"docker ps", "docker ps -a"}),
        ("docker ps", {"docker ps"}, {"docker ps"}),
        ("docker exec -it web bash", {"docker exec -it"}, {"docker exec", "docker exec -it"}),
        ("docker frobnicate", set(), set()),
        ("nvidia-smi", {"host nvidia-smi"}, {"host nvidia-smi"}),
    ],
)
def test_a_line_serves_intents_and_is_closest_to_some(line: str, closest: set[str], served: set[str]) -> None:
    found = intents_of_line(line)
    assert {NAMES[number] for number in found.closest} == closest
    assert {NAMES[number] for number in found.all} == served


def test_related_lines_share_the_subcommand() -> None:
    related = {NAMES[number] for number in intents_of_line("docker logs web").related}
    assert {"docker logs", "docker logs -f", "docker logs --tail"} <= related
    assert "docker ps" not in related


def test_a_text_speaks_of_what_its_lines_do_and_its_words_name() -> None:
    spoken = {NAMES[number] for number in spoken_of("# Rootless mode\n\nThen `docker kill web` ends it.")}
    assert {"beside rootless", "docker kill"} <= spoken
    assert "docker stop" not in spoken and "beside podman" not in spoken


def test_every_intent_can_be_recognised_and_has_a_kind() -> None:
    assert len(NUMBERS) == len(intents())
    assert {intent.kind for intent in intents()} == set(KINDS)
    blind = [i.name for i in intents() if not i.lines and not i.signs and i.kind != "off"]
    assert blind == []
    assert [sign for i in intents() for sign in i.signs if sign != sign.lower()] == []


def test_questions_are_written_for_every_intent() -> None:
    path = Path(__file__).parents[2] / "evals" / "train_intents.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line["intent"] for line in lines} == set(NUMBERS)
    assert len({line["q"] for line in lines}) == len(lines)


def test_what_was_learned_gives_shares() -> None:
    judge = learned()
    assert judge.weights.shape == (384, len(NUMBERS)) and judge.offsets.shape == (len(NUMBERS),)
    towards = judge.weights[:, NUMBERS["docker ps -a"]] / 100
    likely = Likely(np.asarray([towards], dtype=np.float32))
    assert likely.shares.sum() == pytest.approx(1.0, abs=1e-5)
    assert NAMES[likely.best] == "docker ps -a"
    assert likely.most((likely.best, 0)) == likely.shares[likely.best]
    assert likely.among(()) == likely.most(()) == 0.0
    assert likely.among((0, 1)) == pytest.approx(float(likely.shares[:2].sum()))


def test_another_embedding_model_says_nothing(tmp_path: Path) -> None:
    assert Likely.of(np.zeros((1, 384), dtype=np.float32), "other") is None
    assert library_of(tmp_path, {"a.md": "# A\n\ntext"}).likely("how do I list containers?") is None


def test_notes_speak_of_what_stands_in_them_and_not_of_empty_headings(tmp_path: Path) -> None:
    text = "# Notes\n\n## List\n\n`docker ps -a`\n\n## Rootless mode\n"
    known = library_of(tmp_path, {"a.md": text}).known
    assert NUMBERS["docker ps -a"] in known.intents
    assert NUMBERS["beside rootless"] not in known.intents
    assert known.empty == ["Rootless mode"]


def test_a_chunk_speaks_of_the_heading_right_above_it() -> None:
    chunk = Chunk("1", "a.md", ("Podman", "Rootless mode"), 1, 1, "text", "en")
    spoken = {NAMES[number] for number in spoken_in(chunk)}
    assert "beside rootless" in spoken and "beside podman" not in spoken
