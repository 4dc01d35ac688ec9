"""Buys with PyPI x402 as its manual says: buy.py URL NETWORK ASSET, key in PAYER_KEY, workout on standard input."""

import asyncio
import os
import sys

from eth_account import Account
from x402 import x402Client
from x402.http.clients.httpx import x402HttpxClient
from x402.mechanisms.evm.exact.register import register_exact_evm_client


async def main(url: str, network: str, asset: str) -> None:
    client = register_exact_evm_client(x402Client(), Account.from_key(os.environ["PAYER_KEY"]))
    client.set_spend_controls({"allowed_assets": [{"network": network, "asset": asset}]})
    headers = {"content-type": "application/json"}
    async with x402HttpxClient(client, timeout=30) as http:
        answer = await http.post(url, content=sys.stdin.buffer.read(), headers=headers)
    print(answer.status_code, answer.headers.get("payment-response"))
    print(answer.text)


asyncio.run(main(*sys.argv[1:]))
