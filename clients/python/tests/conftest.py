from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A development service as a process of its own, with play money on both rails."""
    settings = {"PORT": "0", "DATABASE_URL": "sqlite::memory:", "LOG_LEVEL": "warn", "X402": "embedded"}
    command = ["node", "--import", "tsx", "server.ts"]
    service = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
    try:
        assert service.stdout is not None
        line = next(line for line in service.stdout if "listens on" in line)
        found = re.search(r"listens on (http://[^,\s]+)", line)
        assert found is not None
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            parts = httpx.get(f"{found[1]}/v1/health").json()["components"]
            if parts["l402"] == parts["x402"] == "ok":
                break
            time.sleep(0.1)
        yield found[1]
    finally:
        service.terminate()
        service.wait()
