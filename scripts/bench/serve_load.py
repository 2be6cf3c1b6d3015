"""Asks a service over many connections at once, and prints how fast it answered, as JSON.

    serve_load.py URL PICTURE REQUESTS CONNECTIONS

Each connection sends the picture as the body, waits for the answer, and sends it again. Needs the standard
library alone. An answer other than 200 is counted by its status.
"""

from __future__ import annotations

import asyncio
import json
import pathlib
import statistics
import sys
import time
from collections import Counter
from urllib.parse import urlsplit


class Load:
    def __init__(self, url: str, picture: bytes, requests: int) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: image/jpeg\r\n"
            f"Content-Length: {len(picture)}\r\n\r\n"
        )
        self.request = head.encode() + picture
        self.left = requests
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.first: bytes = b""

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = time.perf_counter()
        writer.write(self.request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        self.seconds.append(time.perf_counter() - start)
        status = int(head.split(b" ", 2)[1])
        self.statuses[status] += 1
        if status == 200 and not self.first:
            self.first = body

    async def connection(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        while self.left > 0:
            self.left -= 1
            await self.ask(reader, writer)
        writer.close()


async def run(load: Load, connections: int) -> float:
    start = time.perf_counter()
    await asyncio.gather(*(load.connection() for _ in range(connections)))
    return time.perf_counter() - start


def main() -> None:
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    url, picture, requests, connections = sys.argv[1:]
    content = pathlib.Path(picture).read_bytes()
    warm = Load(url, content, int(connections))
    asyncio.run(run(warm, int(connections)))
    load = Load(url, content, int(requests))
    wall = asyncio.run(run(load, int(connections)))
    ordered = sorted(load.seconds)
    answered = load.statuses[200]
    faces = json.loads(load.first)["results"][0]["faces"] if load.first else []
    print(
        json.dumps(
            {
                "pictures_per_second": answered / wall,
                "median_ms": 1e3 * statistics.median(ordered),
                "p99_ms": 1e3 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
                "refused": sum(load.statuses.values()) - answered,
                "statuses": {str(status): count for status, count in load.statuses.items()},
                "faces": len(faces),
                "first_label": faces[0]["label"] if faces else "",
            }
        )
    )


if __name__ == "__main__":
    main()
