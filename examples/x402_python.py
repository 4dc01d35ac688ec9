"""Buys an answer in dollars (USDC on Base) with PyPI x402 (pip install "x402[evm,httpx]"):

    PAYER_KEY=0x… python examples/x402_python.py https://power.example

Without a key it pays a development service (npm start) with that one's play money.
"""

import asyncio
import os
import sys
import uuid
from pathlib import Path

import httpx
from eth_account import Account
from x402 import x402Client
from x402.http.clients.httpx import x402HttpxClient
from x402.mechanisms.evm.exact.register import register_exact_evm_client


async def main(url: str) -> None:
    key, allowed = os.environ.get("PAYER_KEY"), []
    if key is None:
        development = httpx.get(f"{url}/dev/x402").json()
        key = development["payer"]["private_key"]
        allowed = [{name: development[name] for name in ("network", "asset")}]
    client = register_exact_evm_client(x402Client(), Account.from_key(key))
    # Clients pay in the dollars that they know; any other token has to be named.
    client.set_spend_controls({"max_amount_per_payment": "$0.10", "allowed_assets": allowed})
    # The same key with a payment that was signed anew is the same purchase.
    headers = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
    workout = Path(__file__).with_name("workout.json").read_bytes()
    async with x402HttpxClient(client, timeout=30) as http:
        answer = await http.post(f"{url}/v1/compute-power", content=workout, headers=headers)
    answer.raise_for_status()
    print(f"total work: {answer.json()['results']['session']['total_work']['value']} J")


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000"))
