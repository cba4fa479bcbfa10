"""The service under load on this machine: requests/s, p50/p95/p99, memory; beside tagging in the process.

    python bench/serve.py --requests 20000 --clients 16

One service process of its own (``civictag serve``), bodies of one article each over kept-alive connections.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PARAGRAPHS = [
    "志愿者走上街头清理垃圾、捡拾烟头，擦洗护栏和站牌，路过的居民也停下来帮忙。",
    "社区在广场边支起宣传台，向来往的人发放倡议书，讲解分类投放的办法。",
    "物业公司逐栋检修单元门和路灯，清走楼道里的旧家具，新装了十二个充电桩。",
    "街道召开碰头会，通报上一周督查的情况，明确下一步的分工和时限。",
]


def body(number: int) -> bytes:
    text = "\n".join(PARAGRAPHS[(number + i) % 4] + f"这是第{number}次记录。" for i in range(8))
    return json.dumps({"text": text, "title": "一周工作"}, ensure_ascii=False).encode()


def in_process(seconds: float, threads: int) -> float:
    """Articles/s of the same work without HTTP: reading the JSON, splitting, tagging, writing the JSON."""
    import civictag
    from civictag.datamodel import Document
    from civictag.paragraphs import split
    from civictag.writers.as_json import article_record
    from civictag.writers.base import Options

    tagger = civictag.load()
    labels, options = [label.id for label in tagger.labels], Options()
    until = time.perf_counter() + seconds

    def work(first: int) -> int:
        done = 0
        while time.perf_counter() < until:
            given = json.loads(body(first + done))
            article = tagger.tag_article(split(Document("-", given["text"], title=given["title"])))
            json.dumps(article_record(article, labels, tagger.info.as_dict(), options), ensure_ascii=False)
            done += 1
        return done

    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(work, range(0, threads * 10**6, 10**6)))
    return done / (time.perf_counter() - begun)


async def client(port: int, numbers: asyncio.Queue[int], times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    while not numbers.empty():
        data = body(numbers.get_nowait())
        begun = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        told = await reader.readuntil(b"\r\n\r\n")
        assert told.startswith(b"HTTP/1.1 200"), told
        length = int(told.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - begun)
    writer.close()


async def load(port: int, requests: int, clients: int) -> tuple[float, list[float]]:
    numbers: asyncio.Queue[int] = asyncio.Queue()
    for number in range(requests):
        numbers.put_nowait(number)
    times: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(client(port, numbers, times) for _ in range(clients)))
    return time.perf_counter() - begun, sorted(times)


def memory(pid: int) -> float:
    """Resident MiB of a process (Linux)."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--steps", type=int, default=5, help="memory is said after each")
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rate = in_process(5, given.threads)
    print(f"in the process, {given.threads} threads: {rate:.0f} articles/s")
    command = [
        sys.executable,
        "-m",
        "civictag",
        "serve",
        "--port",
        str(port),
        "--threads",
        str(given.threads),
    ]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert service.stderr is not None
        service.stderr.readline()
        asyncio.run(load(port, 200, given.clients))
        print(f"memory after 200 requests: {memory(service.pid):.0f} MiB")
        total, times = 0.0, []
        for _ in range(given.steps):
            seconds, some = asyncio.run(load(port, given.requests // given.steps, given.clients))
            total += seconds
            times += some
            print(f"memory after {len(times)} requests: {memory(service.pid):.0f} MiB", flush=True)
        times.sort()
        spots = ", ".join(f"p{p} {1000 * times[int(len(times) * p / 100)]:.1f} ms" for p in (50, 95, 99))
        share = len(times) / total / rate
        print(
            f"served: {len(times) / total:.0f} requests/s ({share:.0%} of the rate in the process); {spots}"
        )
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
