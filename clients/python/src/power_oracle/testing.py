"""For the tests of programs that buy: the play money of a development service (`npm start`)."""

from __future__ import annotations

import httpx

from ._wallets import Asset, Wallet, lightning


def development_wallet(base_url: str) -> Wallet:
    """The Lightning wallet of a development service, which pays any invoice of its own."""

    def pay_invoice(invoice: str) -> str:
        paid = httpx.post(f"{base_url}/dev/lightning/pay", json={"invoice": invoice}).raise_for_status()
        return str(paid.json()["preimage"])

    return lightning(pay_invoice)


def development_payer(base_url: str) -> tuple[str, tuple[Asset, ...]]:
    """The funded payer of a development service: a key for `eth_account.Account.from_key`, and the token that it holds."""
    chain = httpx.get(f"{base_url}/dev/x402").raise_for_status().json()
    return chain["payer"]["private_key"], (Asset(chain["network"], chain["asset"]),)
