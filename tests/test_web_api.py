"""The REST service: what it answers, and what it refuses with which status."""

import asyncio
import errno
import io
import json
import logging
import socket
import threading

import pytest

pytest.importorskip("fastapi", reason="pip install civictag[web]")
pytest.importorskip("httpx")

import httpx
from web_service import TEXT, client, listening

from civictag.cli import run
from civictag.model.bundle import save
from civictag.web.guard import host_name
from civictag.web.settings import is_loopback


@pytest.fixture(scope="module")
def service(small_model):
    with client(small_model) as found:
        yield found


def error_of(answer):
    return answer.json()["error"]


def test_the_answer_is_the_commands_json(service, small_model, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode()), "utf-8"))
    assert run(["tag", "-", "-m", small_model, "-f", "json", "--explain"]) == 0
    expected = json.loads(capsys.readouterr().out)
    answer = service.post("/v1/tag?explain=true", json={"text": TEXT})
    assert answer.status_code == 200
    assert answer.json() == expected


def test_files_of_several_formats_are_read_by_their_names(service):
    files = [
        ("file", ("甲.txt", TEXT.encode("gb18030"))),
        ("file", ("乙.html", f"<html><body><p>{TEXT}</p></body></html>".encode())),
        ("file", ("丙.jsonl", json.dumps({"id": "r1", "text": TEXT, "unit": "城南"}).encode())),
    ]
    found = service.post("/v1/tag", files=files).json()
    assert [article["source"] for article in found] == ["甲.txt", "乙.html", "丙.jsonl#r1"]
    assert found[0]["encoding"] == "gb18030"
    assert found[2]["extra"] == {"unit": "城南"}


def test_what_cannot_be_read_stands_in_its_place(service):
    files = [("file", ("a.txt", TEXT.encode())), ("file", ("b.pdf", b"no pdf")), ("file", ("c.exe", b"MZ"))]
    answer = service.post("/v1/tag", files=files)
    assert answer.status_code == 207
    assert [article["source"] for article in answer.json()] == ["a.txt", "b.pdf", "c.exe"]
    assert [("error" in article) for article in answer.json()] == [False, True, True]
    assert "/tmp" not in answer.text
    alone = service.post("/v1/tag", files=files[1:2])
    assert (alone.status_code, error_of(alone)["where"]) == (422, "b.pdf")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\0b.txt", "..\\x.txt", "", "好" * 300 + ".txt", ".txt"]
)
def test_no_file_name_leads_anywhere(service, name):
    answer = service.post("/v1/tag", files=[("file", (name, TEXT.encode()))])
    assert answer.status_code in (200, 400, 422)


REFUSED = [
    ("not JSON", {"content": b"{", "headers": {"content-type": "application/json"}}, 400, None),
    ("no text", {"json": {"title": "x"}}, 400, None),
    ("a number", {"json": {"text": 3}}, 400, None),
    ("another field", {"json": {"text": "x", "model": "/etc"}}, 400, None),
    (
        "half a character",
        {"content": b'{"text":"\\ud800"}', "headers": {"content-type": "application/json"}},
        400,
        None,
    ),
    ("another kind", {"content": b"x", "headers": {"content-type": "text/plain"}}, 415, None),
    ("a form without file", {"files": {"other": b"x"}}, 400, None),
    ("a broken form", {"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, None),
    ("an unknown option", {"json": {"text": "x"}, "params": {"explian": "1"}}, 400, None),
    ("a long body", {"json": {"text": "字" * 5000}}, 413, ("body_bytes", 9000)),
    ("many paragraphs", {"json": {"text": "一句完整的话写在这里作为段落。\n" * 9}}, 422, ("paragraphs", 5)),
    ("many files", {"files": [("file", (f"{i}.txt", b"x")) for i in range(4)]}, 413, ("files", 3)),
]


@pytest.mark.parametrize(
    ("request_", "status", "limit"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_each_refusal_has_its_status_and_names_its_limit(small_model, request_, status, limit):
    with client(small_model, body_bytes=9000, paragraphs=5, files=3) as service:
        answer = service.post("/v1/tag", **request_)
    assert answer.status_code == status
    told = error_of(answer)
    assert told["code"]
    assert told["message"]
    assert (told.get("limit") or None) == (limit and {"name": limit[0], "value": limit[1]})


def test_a_body_without_a_length_is_counted_too(small_model):
    with client(small_model, body_bytes=1000) as service:
        answer = service.post(
            "/v1/tag", content=iter([b"x" * 600] * 3), headers={"content-type": "application/json"}
        )
    assert (answer.status_code, error_of(answer)["limit"]["name"]) == (413, "body_bytes")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("127.0.0.1:8466", 200), ("localhost:1", 200), ("[::1]:8466", 200),
        ("LOCALHOST", 200), ("label.example", 200), ("evil.example", 421),
        ("127.0.0.1.evil.example", 421), ("10.1.2.3", 421),
        ("localhost.evil.example:8466", 421), ("[", 421), ("x@127.0.0.1", 200),
    ],
)  # fmt: skip
def test_only_its_own_names_are_answered(small_model, host, status):
    with client(small_model, hosts=("label.example",)) as service:
        assert service.get("/healthz", headers={"host": host}).status_code == status


@pytest.mark.parametrize("header", ["", "[", "a:b:c", "::", "x:99999999"])
def test_a_broken_host_is_nobody_s(header):
    assert host_name(header) not in ("localhost", "127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("pc", False)],
)
def test_what_others_cannot_reach(host, local):
    assert is_loopback(host) == local


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1"}, 200),
        ({"origin": "https://friend.example"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200),
    ],
)
def test_scripts_of_other_sites_are_refused(small_model, headers, status):
    with client(small_model, origins=("https://friend.example",)) as service:
        answer = service.post("/v1/tag", json={"text": TEXT}, headers=headers)
    assert answer.status_code == status
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == ("https://friend.example" if "friend" in headers.get("origin", "") else None)


def test_no_cors_unless_asked_for(service):
    answer = service.options(
        "/v1/tag", headers={"origin": "http://127.0.0.1", "access-control-request-method": "POST"}
    )
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer s3cret", 200), ("bearer s3cret", 200), ("Bearer wrong", 401), ("Basic s3cret", 401), ("", 401),
     ("Bearer", 401), ("Bearer ключ", 401)],
)  # fmt: skip
def test_a_token_is_asked_for(small_model, given, status):
    with client(small_model, token="s3cret") as service:
        headers = {"authorization": given.encode()} if given else {}
        assert service.post("/v1/tag", json={"text": TEXT}, headers=headers).status_code == status
        assert service.get("/metrics", headers=headers).status_code == status
        assert service.get("/healthz").status_code == 200


def test_another_address_needs_a_token(monkeypatch, capsys, tmp_path):
    monkeypatch.delenv("CIVICTAG_TOKEN", raising=False)
    assert run(["serve", "--host", "0.0.0.0"]) == 2
    assert "--token-file" in capsys.readouterr().err
    (tmp_path / "token").write_text("\n")
    assert run(["serve", "--host", "0.0.0.0", "--token-file", str(tmp_path / "token")]) == 1
    assert run(["serve", "--tls-cert", str(tmp_path / "token")]) == 2


def test_too_many_at_a_time_are_refused(small_model):
    with client(small_model, concurrency=1) as service:
        engine = service.app.state.civictag.engine
        engine._under_way = 1
        answer = service.post("/v1/tag", json={"text": TEXT})
        batch = service.post("/v1/tag/batch", content=b"{}")
        engine._under_way = 0
        assert service.post("/v1/tag", json={"text": TEXT}).status_code == 200
    assert (answer.status_code, error_of(answer)["limit"]) == (429, {"name": "concurrency", "value": 1})
    assert batch.status_code == 429
    assert answer.headers["retry-after"]


def test_tagging_that_takes_too_long_is_refused(small_model, monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr("civictag.web.api.tagging._tag_json", lambda *_: ended.wait(30))
    with client(small_model, seconds=0.05) as service:
        answer = service.post("/v1/tag", json={"text": TEXT})
        ended.set()
    assert (answer.status_code, error_of(answer)["limit"]["name"]) == (504, "seconds")


def test_text_is_never_logged(small_model, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)

    def broken(*_):
        raise RuntimeError(TEXT)

    with client(small_model) as service:
        service.post("/v1/tag", json={"text": TEXT, "title": "题目在此"})
        service.get("/v1/题目在此")
        monkeypatch.setattr("civictag.web.api.tagging.split", broken)
        answer = service.post("/v1/tag", json={"text": TEXT})
    assert answer.status_code == 500
    assert error_of(answer)["code"] == "failed"
    assert "test_web_api.py" in caplog.text  # where it happened
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("civictag", "uvicorn")))
    for text in ("邻里们", "题目在此", "%E9"):
        assert text not in ours + answer.text


def test_what_it_says_about_itself(service, small_model):
    assert service.get("/healthz").json() == {"status": "ok"}
    ready = service.get("/readyz").json()
    models = service.get("/v1/models").json()
    assert (models[0]["sha256"] == ready["model"], models[0]["loaded"]) == (True, True)
    assert [label["id"] for label in service.get("/v1/labels").json()] == ["tidy", "lend", "mend"]
    service.post("/v1/tag", json={"text": TEXT})
    told = service.get("/metrics").text
    assert 'civictag_requests_total{method="POST",route="/v1/tag",status="200"}' in told
    assert "civictag_paragraphs_total" in told


def test_every_answer_has_its_headers(service):
    for path in ("/healthz", "/v1/none", "/openapi.json"):
        headers = service.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_the_openapi_document_names_every_path(service):
    found = service.get("/openapi.json").json()
    assert {"/v1/tag", "/v1/tag/batch", "/v1/models", "/v1/labels", "/healthz", "/readyz", "/metrics"} <= set(
        found["paths"]
    )
    assert set(found["paths"]["/v1/tag"]["post"]["requestBody"]["content"]) == {
        "application/json",
        "multipart/form-data",
    }
    assert service.get("/docs").status_code == 404  # it loads scripts from elsewhere


def test_a_model_is_read_anew(small_model, tmp_path):
    from civictag.model.bundle import load

    folder = tmp_path / "m"
    save(load(small_model), str(folder))
    with client(str(folder)) as service:
        before = service.app.state.civictag.engine.tagger
        assert service.post("/v1/models/reload").status_code == 200
        assert service.app.state.civictag.engine.tagger is not before
        assert service.post("/v1/models/reload", json={"model": "../../etc"}).status_code == 404
        (folder / "manifest.json").write_text("{}")
        held = service.app.state.civictag.engine.tagger
        assert service.post("/v1/models/reload").status_code == 409
        assert service.app.state.civictag.engine.tagger is held
        assert service.post("/v1/tag", json={"text": TEXT}).status_code == 200


def test_lines_are_answered_in_order_with_their_mistakes(service):
    lines = [b'{"text": "' + TEXT.encode().replace(b"\n", b" ") + b'", "id": "a", "unit": "u"}', b"no", b"",
             b"[]", b'{"title": "t"}', b'{"text": 5}', b'{"text": "\\ud800"}',
             b'{"text": ""}', b"[" * 100_000]  # fmt: skip
    answer = service.post("/v1/tag/batch", content=b"\n".join(lines))
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.status_code == 200
    assert [(r.get("source"), r.get("error", {}).get("line")) for r in found] == [
        ("-#a", None), (None, 2), (None, 4), (None, 5), (None, 6), (None, 7), ("-#8", None), (None, 9)
    ]  # fmt: skip
    assert found[0]["extra"] == {"unit": "u"}


def test_a_key_that_stands_twice_in_a_line_is_told(service):
    line = b'{"text": "ok", "unit": "u", "text": "' + TEXT.encode().replace(b"\n", b" ") + b'"}'
    (found,) = service.post("/v1/tag/batch", content=line).text.splitlines()
    assert json.loads(found)["warnings"] == ["keys that stand twice, of which the last is used: text"]


def test_a_full_disk_is_no_fault_of_a_line_or_a_file(service, monkeypatch):
    """It is the service's: 507, or where the status is sent the last line."""
    from civictag.errors import InputError
    from civictag.web.api import ndjson, tagging

    def full(*_asked):
        raise InputError("cannot be read", where="a") from OSError(errno.ENOSPC, "full")

    def named(*asked):
        try:
            full(*asked)
        except InputError as error:
            yield error

    monkeypatch.setattr(tagging, "read_uploads", named)
    answer = service.post("/v1/tag", files={"file": ("a.txt", TEXT.encode())})
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "no_space")
    monkeypatch.setattr(ndjson, "document_of", full)
    (found,) = service.post("/v1/tag/batch", content=b'{"text": "a"}\n' * 3).text.splitlines()
    assert json.loads(found)["error"]["code"] == "no_space"


def test_a_long_line_is_passed_over_and_the_next_is_read(small_model):
    content = b'{"text":"' + b"x" * 500 + b'"}\n{"text":"ok ok"}'
    with client(small_model, line_bytes=100) as service:
        found = [
            json.loads(line) for line in service.post("/v1/tag/batch", content=content).text.splitlines()
        ]
    assert found[0]["error"]["limit"] == {"name": "line_bytes", "value": 100}
    assert found[0]["error"]["line"] == 1
    assert found[1]["paragraphs"][0]["text"] == "ok ok"


def test_the_first_line_is_out_before_the_last_is_in(small_model):
    async def talk(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = b"POST /v1/tag/batch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        line = json.dumps({"text": TEXT}).encode() + b"\n"
        chunk = f"{len(line):x}\r\n".encode() + line + b"\r\n"
        writer.write(head + chunk)
        first = await asyncio.wait_for(reader.readuntil(b'"summary"'), 20)
        writer.write(chunk + b"0\r\n\r\n")
        rest = await asyncio.wait_for(reader.readuntil(b"\r\n0\r\n\r\n"), 20)
        writer.close()
        return first, rest

    with listening(small_model) as (port, _server):
        first, rest = asyncio.run(talk(port))
    assert b"200 OK" in first
    assert rest.count(b'"summary"') == 1


def test_slow_senders_are_let_go(small_model):
    with listening(small_model, seconds=0.3, header_seconds=0.3) as (port, _server):
        with socket.create_connection(("127.0.0.1", port), 10) as slow:
            slow.sendall(b"POST /v1/tag HTTP/1.1\r\nHost: local")
            assert slow.recv(100) == b""
        with socket.create_connection(("127.0.0.1", port), 10) as slow:
            slow.sendall(
                b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100\r\n"
                b"Content-Type: application/json\r\n\r\n{"
            )
            answer = b"".join(iter(lambda: slow.recv(5000), b""))
    assert b" 408 " in answer
    assert b'"seconds"' in answer


def test_an_endless_head_is_not_read(small_model):
    with (
        listening(small_model) as (port, _server),
        socket.create_connection(("127.0.0.1", port), 10) as sender,
    ):
        sender.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000)
        answer = sender.recv(1000)
    assert b" 431 " in answer


def test_behind_a_proxy_s_path_the_rules_are_the_same(small_model):
    with client(small_model, root_path="/tags", token="s3cret", body_bytes=100) as service:
        assert service.get("/healthz").status_code == 200
        assert service.get("/").status_code == 200
        assert service.get("/v1/labels").status_code == 401
        headers = {"authorization": "Bearer s3cret"}
        line = json.dumps({"text": TEXT}).encode() + b"\n"
        assert service.post("/v1/tag/batch", content=line * 2, headers=headers).text.count("\n") == 2


def test_what_was_accepted_is_finished_at_the_end(small_model, monkeypatch):
    from civictag.web.api import tagging

    begun, may_end = threading.Event(), threading.Event()
    true = tagging._tag_json

    def slow(*given):
        begun.set()
        assert may_end.wait(30)
        return true(*given)

    monkeypatch.setattr(tagging, "_tag_json", slow)
    answers = []
    with listening(small_model) as (port, server):
        url = f"http://127.0.0.1:{port}"
        sender = threading.Thread(
            target=lambda: answers.append(httpx.post(f"{url}/v1/tag", json={"text": TEXT}))
        )
        sender.start()
        assert begun.wait(20)
        server.should_exit = True
        while server.servers and any(s.is_serving() for s in server.servers):
            pass
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/healthz")
        may_end.set()
        sender.join(20)
    assert answers[0].status_code == 200
