"""The notes shipped with the package: same shape in both languages, whole, and in our own words."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NOTES = ROOT / "knowledge" / "notes"
PERSONAL_NOTES = ROOT.parent / "shared" / "notes" / "docker-notes.md"
LANGUAGES = ("zh", "en")
NAMES = (
    "0-what-is-docker.md",
    "1-setup.md",
    "2-quick-start.md",
    "3-foundation.md",
    "4-real-life.md",
    "5-kubernetes.md",
)
PATHS = [NOTES / language / name for language in LANGUAGES for name in NAMES]
each_note = pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")

REQUIRED = (
    # quick start
    "docker build .",
    "docker build -t quickstart:1.0 .",
    "docker run d2cc7b04fb0a",
    "docker run -p 3000:3000 d2cc7b04fb0a",
    "docker stop relaxed_bartik",
    "docker ps -a",
    "docker logs -f --tail 100 web",
    "docker exec -it web bash",
    "docker stop -t 30 web",
    "docker rm -f web",
    "docker rmi nginx:stable",
    "docker pull nginx:stable",
    "docker cp index.html web:/usr/share/nginx/html/index.html",
    "docker system df",
    "docker system prune",
    "port is already allocated",
    'The container name "/web" is already in use',
    "permission denied while trying to connect to the Docker daemon socket",
    "Cannot connect to the Docker daemon",
    "no space left on device",
    'could not select device driver "" with capabilities: [[gpu]]',
    "137",
    # docker run and its options
    "docker run -it ubuntu bash",
    "docker run -d -p 8080:80 --name web-server nginx",
    "--restart unless-stopped",
    "--pids-limit 200",
    "--cpus 1.5",
    "-m 512m",
    # GPU
    "--gpus all",
    "unknown shorthand flag: 'g' in -gpus",
    "2.10.1-gpu-jupyter",
    "tensorflow/tensorflow:2.15.0-gpu-jupyter",
    "sudo docker pull tensorflow/tensorflow:latest-gpu-jupyter",
    "print(tf.reduce_sum(tf.random.normal([1000, 1000])))",
    "-p 8888:8888",
    "535",
    "546",
    "25.03",
    "sudo apt-get install -y nvidia-container-toolkit",
    "sudo nvidia-ctk runtime configure --runtime=docker",
    "sudo systemctl restart docker",
    "sudo docker run --gpus all --rm nvidia/cuda:11.2.2-base-ubuntu20.04 nvidia-smi",
    # commit and Dockerfile
    "docker commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
    "docker commit my_modified_container my_new_image:latest",
    '-a "Your Name <your_email@example.com>" -m "Added a new web server"',
    "--pause=true|false",
    "FROM <image>:<tag>",
    "FROM python:3.8",
    "RUN pip install flask",
    'RUN ["executable", "param1", "param2"]',
    'CMD ["node", "server.js"]',
    "COPY . /app",
    "EXPOSE 80",
    "sudo docker build -t myapp .",
    "sudo docker run -it --gpus all -p 3000:80 myapp",
    "sudo groupadd docker",
    "sudo usermod -aG docker $USER",
    "sudo systemctl enable docker",
    "docker run hello-world",
    "20.04",
    "22.04",
    "Docker Toolbox",
    ".devcontainer/devcontainer.json",
    "https://docs.docker.com/engine/install/ubuntu/#install-using-the-repository",
    "https://www.tensorflow.org/install/docker?hl=zh-cn",
    "https://hub.docker.com/r/tensorflow/tensorflow",
    "https://github.com/NVIDIA/nvidia-container-toolkit",
    "container-toolkit/latest/install-guide.html#installing-with-apt",
    # the later chapters
    "docker network create app-net",
    "docker volume create notes-data",
    "docker compose up -d",
    "docker compose down -v",
    "kubectl apply -f web.yaml",
    "kubectl rollout undo deployment/web",
    "sudo kubeadm init --pod-network-cidr=10.244.0.0/16",
)


@dataclass(frozen=True)
class Fence:
    """One fenced block: its language, its lines, and the last line of text before it."""

    language: str
    lines: tuple[str, ...]
    introduction: str


@dataclass(frozen=True)
class Shape:
    """A note taken apart: headings with the lines of content under each, fences, prose."""

    headings: tuple[tuple[int, str, int], ...]
    fences: tuple[Fence, ...]
    prose: tuple[str, ...]
    closed: bool


def _front_matter(text: str) -> tuple[dict[str, str], list[str], str]:
    """The plain keys, the added sections and the body of a note."""
    opening, head, body = text.split("---\n", 2)
    assert opening == "", "front matter must be the first thing in the file"
    keys: dict[str, str] = {}
    added: list[str] = []
    for line in head.splitlines():
        item = re.fullmatch(r"  - (.+)", line)
        entry = re.fullmatch(r"([a-z_]+):(?: (.+))?", line)
        assert item or entry, f"not front matter: {line!r}"
        value = _unquoted((item.group(1) if item else entry and entry.group(2)) or "")
        if item:
            added.append(value)
        elif entry:
            keys[entry.group(1)] = value
    return keys, added, body


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        assert value.endswith('"') and len(value) > 1
        return value[1:-1]
    assert ": " not in value and not value.startswith(("-", "`", "[", "{", "#")), value
    return value


def _shape(body: str) -> Shape:
    headings: list[tuple[int, str, int]] = []
    fences: list[Fence] = []
    prose: list[str] = []
    language: str | None = None
    block: list[str] = []
    last = ""
    for line in body.splitlines():
        mark = re.match(r"\s*```(\w*)", line)
        heading = re.match(r"(#{1,6}) (.+)", line)
        if mark and language is None:
            language, block = mark.group(1), []
        elif mark and language is not None:
            fences.append(Fence(language, tuple(block), last))
            language, last = None, "```"
        elif language is not None:
            block.append(line)
        elif heading:
            headings.append((len(heading.group(1)), heading.group(2), 0))
            last = line
        elif line.strip():
            prose.append(line.strip())
            last = line.strip()
        if line.strip() and not heading and headings:
            level, title, count = headings[-1]
            headings[-1] = (level, title, count + 1)
    return Shape(tuple(headings), tuple(fences), tuple(prose), language is None)


def _read(path: Path) -> tuple[dict[str, str], list[str], Shape]:
    keys, added, body = _front_matter(path.read_text(encoding="utf-8"))
    return keys, added, _shape(body)


def _commands(fence: Fence) -> list[str]:
    """The commands of a block, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", "\n".join(fence.lines))
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_is_there(language: str) -> None:
    assert sorted(path.name for path in (NOTES / language).iterdir()) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_shape(name: str) -> None:
    (chinese_keys, chinese_added, chinese), (english_keys, english_added, english) = (
        _read(NOTES / language / name) for language in LANGUAGES
    )
    assert [level for level, _, _ in chinese.headings] == [level for level, _, _ in english.headings]
    assert [fence.language for fence in chinese.fences] == [fence.language for fence in english.fences]
    assert [_commands(fence) for fence in chinese.fences if fence.language == "bash"] == [
        _commands(fence) for fence in english.fences if fence.language == "bash"
    ]
    assert len(chinese_added) == len(english_added)
    assert chinese_keys["source"] == english_keys["source"]


@each_note
def test_front_matter(path: Path) -> None:
    keys, added, shape = _read(path)
    assert keys["title"]
    assert keys["language"] == path.parent.name
    assert keys["chapter"] == path.name[0]
    assert keys["source"] in {"original", "added", "mixed"}
    assert ("added_sections" in keys) == (keys["source"] == "mixed") == bool(added)
    titles = [title for _, title, _ in shape.headings]
    assert [title for title in added if titles.count(title) != 1] == []


@each_note
def test_headings(path: Path) -> None:
    _, _, shape = _read(path)
    levels = [level for level, _, _ in shape.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    following = [*levels[1:], 0]
    empty = [
        title
        for (level, title, count), after in zip(shape.headings, following, strict=True)
        if count == 0 and after <= level
    ]
    assert empty == []


@each_note
def test_fences(path: Path) -> None:
    _, _, shape = _read(path)
    assert shape.closed
    for fence in shape.fences:
        assert fence.language, f"a fence without a language: {fence.lines}"
        assert not fence.introduction.startswith(("#", "```")), f"no introduction: {fence.lines}"
        assert all(line == line.rstrip() for line in fence.lines), fence.lines


@each_note
def test_commands(path: Path) -> None:
    _, _, shape = _read(path)
    for fence in shape.fences:
        if fence.language != "bash":
            continue
        commands = _commands(fence)
        comments = [line for line in fence.lines if line.startswith("#")]
        assert len(commands) == 1 or len(comments) == len(commands), fence.lines
        for command in commands:
            assert not re.search(r"(?<!-)-gpus\b", command), command
            assert "\\" not in re.sub(r"'[^']*'", "", command), command
            if re.search(r"\bdocker build\b", command):
                assert command.endswith(" ."), f"no build context: {command}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_required_commands_and_figures(language: str) -> None:
    text = "\n".join((NOTES / language / name).read_text(encoding="utf-8") for name in NAMES)
    assert [needed for needed in REQUIRED if needed not in text] == []


def _sentences(text: str) -> set[str]:
    """Sentences long enough to be somebody's own, bare of markup, commands and addresses."""
    shape = _shape(re.sub(r"^\s*(?:> ?)+", "", text, flags=re.MULTILINE))
    comments = [
        line.split("#", 1)[1]
        for fence in shape.fences
        for line in fence.lines
        if line.strip().startswith("#")
    ]
    found: set[str] = set()
    for line in [*shape.prose, *(title for _, title, _ in shape.headings), *comments]:
        bare = re.sub(r"`[^`]*`|https?://[!-~]+|[*_=|]{2,}", "", line)
        for piece in re.split(r"[。！？；]|[.!?](?:\s|$)|：$", bare):
            sentence = re.sub(r"\s+", " ", piece).strip(" -*>|:：,，0123456789.")
            if len(re.findall(r"[一-鿿]", sentence)) >= 20 or len(sentence.split()) >= 8:
                found.add(sentence.lower())
    return found


@pytest.mark.skipif(not PERSONAL_NOTES.exists(), reason="the personal notes are not at hand")
@each_note
def test_wording_is_our_own(path: Path) -> None:
    theirs = _sentences(PERSONAL_NOTES.read_text(encoding="utf-8"))
    ours = _sentences(_front_matter(path.read_text(encoding="utf-8"))[2])
    assert len(theirs) > 50
    assert [one for one in ours if any(one in other or other in one for other in theirs)] == []
