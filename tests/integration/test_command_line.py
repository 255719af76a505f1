"""The command line as scripts use it: a process of its own, JSON out, exit codes; a real Engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.model_cache import model_cache

NOTES = """# Docker notes

## Containers

List all containers, stopped ones too:

```bash
docker ps -a
```

以后台模式运行 nginx，并把容器的 80 端口映射到宿主机的 8080 端口：

```bash
docker run -d -p 8080:80 --name web nginx
```
"""


class Docknotes:
    """Runs ``docknotes`` in a home of its own."""

    def __init__(self, home: Path, engine: str = "unix:///nonexistent/engine.sock") -> None:
        self.home = home
        (home / "notes").mkdir(parents=True)
        (home / "notes" / "docker.md").write_text(NOTES, encoding="utf-8")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DOCKNOTES_HOME": str(home / "data"),
            "DOCKNOTES_CACHE": str(model_cache()),
            "DOCKNOTES_NOTES": str(home / "notes"),
            "DOCKNOTES_ENGINE": engine,
        }

    def __call__(
        self, *arguments: str, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**self.environment, **environment},
            cwd=Path(__file__).parents[2],
        )

    def json(self, *arguments: str) -> dict[str, Any]:
        done = self(*arguments, "--json")
        value: dict[str, Any] = json.loads(done.stdout)
        return value

    def batch(self, command: str, *requests: str) -> list[dict[str, Any]]:
        done = self(command, "-", stdin="\n".join(requests))
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def docknotes(tmp_path_factory: pytest.TempPathFactory) -> Docknotes:
    return Docknotes(tmp_path_factory.mktemp("docknotes"))


@pytest.fixture
def on_engine(tmp_path: Path, engine_address: str) -> Docknotes:
    return Docknotes(tmp_path / "docknotes", engine_address)


def test_ask_says_the_command_first_with_a_citation_that_checks(docknotes: Docknotes) -> None:
    got = docknotes.json("ask", "how do I list all containers, also stopped ones?")
    assert set(got) == {"id", "answered", "answer", "citations", "commands"}
    assert got["answered"] is True
    command = got["commands"][0]
    assert set(command) == {
        "text", "origin", "written", "note", "lines", "verdict", "reasons", "placeholders", "stamp",
    }  # fmt: skip
    assert (command["text"], command["origin"], command["verdict"]) == ("docker ps -a", "verbatim", "allow")
    lines = NOTES.split("\n")
    for cited in got["citations"]:
        assert set(cited) == {"n", "note", "headings", "lines", "quote"}
        first, last = cited["lines"]
        assert cited["quote"] in "\n".join(lines[first - 1 : last])


def test_ask_answers_in_the_questions_language(docknotes: Docknotes) -> None:
    got = docknotes.json("ask", "如何让容器在后台运行并把宿主机8080映射到80?")
    assert got["commands"][0]["text"] == "docker run -d -p 8080:80 --name web nginx"
    assert got["commands"][0]["verdict"] == "ask"
    assert got["answer"].splitlines()[0] in {"你的笔记里写道：", "笔记中对应的命令："}


def test_ask_what_the_notes_do_not_hold(docknotes: Docknotes) -> None:
    got = docknotes.json("ask", "how do I make sourdough?")
    assert (got["answered"], got["commands"], got["citations"]) == (False, [], [])


def test_search_gives_hits_best_first(docknotes: Docknotes) -> None:
    got = docknotes.json("search", "list containers")
    assert set(got["hits"][0]) == {"note", "headings", "lines", "text", "score", "stamps"}
    assert got["hits"][0]["headings"] == ["Docker notes", "Containers"]
    assert [h["score"] for h in got["hits"]] == sorted((h["score"] for h in got["hits"]), reverse=True)


@pytest.mark.parametrize(
    ("command", "key", "value", "expected"),
    [
        ("search", "query", "list containers", "hits"),
        ("ask", "question", "list all containers", "answer"),
        ("plan", "command", "docker ps", "operations"),
    ],
)
def test_a_batch_answers_each_line_in_order_and_keeps_the_ids(
    docknotes: Docknotes, command: str, key: str, value: str, expected: str
) -> None:
    got = docknotes.batch(
        command,
        json.dumps({"id": 7, key: value}),
        "no json",
        "",
        json.dumps({"id": "x"}),
        json.dumps([1]),
        json.dumps({"id": None, key: value}),
    )
    assert [g["id"] for g in got] == [7, None, "x", None, None]
    assert [set(g) == {"id", "error"} for g in got] == [False, True, True, True, False]
    assert expected in got[0]
    assert expected in got[-1]


def test_plan_shows_each_request_as_written_and_as_run(docknotes: Docknotes) -> None:
    got = docknotes.json("plan", "docker run -d -p 8080:80 --name web nginx")
    assert (got["kind"], got["verdict"]) == ("docker", "ask")
    create = next(o for o in got["operations"] if o["path"] == "/containers/create")
    assert set(create) == {"method", "path", "query", "as_written", "as_run", "sent"}
    assert {o["path"]: o["sent"] for o in got["operations"]} == {
        "/images/create": "if missing",
        "/networks/create": "here",
        "/containers/create": "always",
        "/containers/{container}/wait": "always",
        "/containers/{container}/start": "always",
    }
    assert (create["method"], create["query"]["name"]) == ("POST", "web")
    assert create["as_written"]["HostConfig"]["PortBindings"]["80/tcp"][0]["HostIp"] == ""
    assert create["as_run"]["HostConfig"]["PortBindings"]["80/tcp"][0]["HostIp"] == "127.0.0.1"


def test_plan_refuses_with_a_reason_and_suggests_what_was_meant(docknotes: Docknotes) -> None:
    got = docknotes.json("plan", "docker run -v /:/host -it ubuntu bash")
    assert (got["kind"], got["verdict"]) == ("docker", "refuse")
    assert "workspace" in got["reasons"][0]
    got = docknotes.json("plan", "docker run -gpus all ubuntu")
    assert (got["kind"], got["suggestion"]) == ("invalid", "docker run --gpus all ubuntu")
    got = docknotes.json("plan", "sudo apt-get install no-such-package-here")
    assert (got["kind"], got["verdict"]) == ("host", "refuse")
    assert got["effect"]["state"] in {"missing", "unknown"}  # unknown where there is no apt
    assert "no-such-package-here" in got["effect"]["each"][0]["what"]
    assert docknotes.json("plan", "docker ps")["effect"] is None


def test_a_plan_of_several_lines_holds_each_and_all_of_them(docknotes: Docknotes) -> None:
    got = docknotes.json("plan", "docker pull nginx && docker ps\ndocker run -gpus all nginx")
    assert (got["kind"], got["verdict"]) == ("invalid", "refuse")
    assert got["suggestion"] == "docker pull nginx\ndocker ps\ndocker run --gpus all nginx"
    assert [step["verdict"] for step in got["steps"]] == ["ask", "allow", "refuse"]
    assert got["operations"] == [operation for step in got["steps"] for operation in step["operations"]]
    assert set(docknotes.json("plan", "docker ps")) == set(got) - {"steps"}
    done = docknotes("plan", "docker ps; docker images", LANG="zh_CN.UTF-8")
    assert done.returncode == 0
    assert "第 2 步" in done.stdout
    assert docknotes("run", "--approve", "docker ps; docker run --privileged a").returncode == 3


def test_plan_speaks_the_language_of_the_locale(docknotes: Docknotes) -> None:
    done = docknotes("plan", "docker run --privileged ubuntu", LANG="zh_CN.UTF-8")
    assert done.returncode == 1
    assert "不会运行" in done.stdout


def test_what_waits_for_approval_does_not_run_without_it(docknotes: Docknotes) -> None:
    done = docknotes("run", "docker run --rm busybox true")
    assert done.returncode == 3
    assert "--approve" in done.stderr
    assert docknotes.json("run", "docker run --rm busybox true")["outcome"] == "not_approved"


def test_what_is_refused_does_not_run_approved_either(docknotes: Docknotes) -> None:
    done = docknotes("run", "--approve", "docker run --privileged ubuntu", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["run"] is None


def test_without_an_engine_a_run_says_what_to_do(docknotes: Docknotes) -> None:
    done = docknotes("run", "docker ps")
    assert done.returncode == 1
    assert "DOCKNOTES_ENGINE" in done.stderr
    assert "$ sudo systemctl start docker" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_there_and_what_is_missing(docknotes: Docknotes) -> None:
    got = docknotes.json("doctor")
    assert got["engine"]["reachable"] is False
    assert "no socket" in got["engine"]["problem"]
    assert Path(got["index"]).parent == docknotes.home / "data" / "index"
    assert got["index"] == docknotes.json("index")["index"]


def test_doctor_speaks_the_language_asked_for(docknotes: Docknotes) -> None:
    said = docknotes("doctor", DOCKNOTES_LANGUAGE="zh").stdout
    assert f"笔记       {docknotes.home / 'notes'}\n" in said
    assert "引擎       unix://" in said
    assert f"notes      {docknotes.home / 'notes'}\n" in docknotes("doctor", DOCKNOTES_LANGUAGE="en").stdout


def test_doctor_names_a_chroma_server_without_its_password(docknotes: Docknotes) -> None:
    assert docknotes.json("doctor")["chroma"] is None
    done = docknotes("doctor", "--json", DOCKNOTES_CHROMA_URL="http://me:secret@127.0.0.1:9")
    got = json.loads(done.stdout)["chroma"]
    assert (got["address"], got["reachable"]) == ("http://127.0.0.1:9", False)
    assert "does not answer" in got["problem"]
    assert "secret" not in done.stdout + done.stderr


def test_a_setting_that_cannot_be_used_is_named(docknotes: Docknotes) -> None:
    done = docknotes("ask", "docker", DOCKNOTES_MEMORY="lots")
    assert done.returncode == 1
    assert done.stderr.startswith("docknotes: DOCKNOTES_MEMORY is set to 'lots'")


def test_notes_that_are_not_there_are_named(docknotes: Docknotes) -> None:
    done = docknotes("ask", "docker", "--notes", "/nonexistent/notes")
    assert done.returncode == 1
    assert "/nonexistent/notes" in done.stderr


def test_gpu_without_an_engine_is_a_ladder_that_stops(docknotes: Docknotes) -> None:
    got = docknotes.json("gpu")
    states = {rung["number"]: rung["state"] for rung in got["rungs"]}
    assert got["works"] is False
    assert states[2] == "fail"
    assert states[5] == states[6] == "skipped"


@pytest.mark.engine
def test_reading_runs_at_once_and_a_run_ends_with_the_containers_exit_code(on_engine: Docknotes) -> None:
    assert on_engine("run", "docker ps -a").returncode == 0
    done = on_engine("run", "--approve", 'docker run --rm busybox sh -c "echo out; echo err >&2; exit 7"')
    assert (done.returncode, done.stdout) == (7, "out\n")
    assert "err\n" in done.stderr


@pytest.mark.engine
def test_run_as_json_has_the_contracts_keys(on_engine: Docknotes) -> None:
    done = on_engine("run", "--approve", "docker run --rm busybox echo hello", "--json")
    got = json.loads(done.stdout)
    assert {"run", "outcome", "exit_code", "output", "created"} <= set(got)
    assert (got["outcome"], got["exit_code"], got["output"]) == ("succeeded", 0, "hello\n")


@pytest.mark.engine
def test_several_lines_run_in_order_and_stop_at_the_first_failure(on_engine: Docknotes) -> None:
    lines = 'docker run --rm busybox echo one\ndocker run --rm busybox sh -c "exit 4"; docker ps'
    done = on_engine("run", "--approve", lines, "--json")
    got = json.loads(done.stdout)
    assert done.returncode == 4
    assert [step["outcome"] for step in got["steps"]] == ["succeeded", "failed"]
    assert (got["outcome"], got["exit_code"], got["output"]) == ("failed", 4, "one\n")


def test_odd_lines_do_not_end_a_batch(docknotes: Docknotes) -> None:
    lines = [
        "\ufeff" + json.dumps({"id": 1, "question": "list containers"}),
        '{"id": 2, "question": "\\ud800"}',
        '{"id": NaN, "question": "docker"}',
        '{"id": "\\udfff", "question": "docker"}',
        json.dumps({"id": 5, "question": "list containers"}),
    ]
    got = docknotes.batch("ask", *lines)
    assert [g["id"] for g in got] == [1, None, None, None, 5]
    assert [("error" in g) for g in got] == [False, True, True, True, False]


def test_a_script_gets_json_also_where_there_is_no_engine(docknotes: Docknotes) -> None:
    got = docknotes.json("run", "docker ps")
    assert (got["run"], got["outcome"], got["exit_code"]) == (None, "failed", None)
    assert "no socket" in got["error"]
    assert got["diagnosis"]["cause"] == "daemon-not-running"


@pytest.mark.engine
def test_a_run_that_fails_says_why_and_where_the_notes_tell_of_it(on_engine: Docknotes) -> None:
    done = on_engine("run", "docker logs no-such")
    assert done.returncode == 1
    assert "Why: There is no container of that name" in done.stderr
    assert "$ docker ps -a    (Only reads)" in done.stderr
    assert "`docknotes index`" in done.stderr
    assert on_engine("index").returncode == 0
    done = on_engine("run", "docker logs no-such", LANG="zh_CN.UTF-8")
    assert "原因：没有这个名称或 ID 的容器。" in done.stderr
    assert "笔记里的相关内容 (docker.md:" in done.stderr
    assert "  | docker ps -a" in done.stderr
    told = json.loads(on_engine("run", "docker logs no-such", "--json").stdout)["diagnosis"]
    assert told["cause"] == "container-missing"
    assert told["next"] == [{"line": "docker ps -a", "kind": "docker", "verdict": "allow"}]
    first, last = told["citation"]["lines"]
    assert told["citation"]["quote"] == "\n".join(NOTES.split("\n")[first - 1 : last])
    fine = json.loads(on_engine("run", "docker ps", "--json").stdout)
    assert fine["diagnosis"] is None
    assert "    ! There is no container of that name or id." in on_engine("runs").stdout
    causes = [run["cause"] for run in on_engine.json("runs")["runs"]]
    assert causes == [None, "container-missing", "container-missing", "container-missing"]


def test_a_home_that_cannot_be_made_is_one_clear_error(docknotes: Docknotes) -> None:
    for command in (("run", "docker ps"), ("ask", "docker")):
        done = docknotes(*command, DOCKNOTES_HOME="/proc/nowhere")
        assert done.returncode == 1
        assert "DOCKNOTES_HOME" in done.stderr
        assert "Traceback" not in done.stderr


def test_notes_without_text_are_named(docknotes: Docknotes, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("# Only a heading\n", encoding="utf-8")
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\0\0\xff")
    done = docknotes("ask", "docker", "--notes", str(tmp_path))
    assert done.returncode == 0
    assert "picture.md is not text" in done.stderr
    assert "There is no text in these notes" in done.stderr
