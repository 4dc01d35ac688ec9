from __future__ import annotations

import base64
import json
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypedDict

from ._errors import PaymentImpossible

Offer = dict[str, Any]


class PaidRequest(TypedDict):
    """A request that is paid for, as plain JSON. It holds the proof of payment, so keep it secret."""

    path: str
    body: str
    headers: dict[str, str]


class Wallet(Protocol):
    """A way to pay."""

    def __call__(self, offer: Offer, price_usd: Decimal) -> dict[str, str] | None:
        """Pays an offer and returns the headers that prove it; None, with nothing paid, if it is not for this wallet."""


class Account(Protocol):
    """The part of an `eth_account` account that signs."""

    @property
    def address(self) -> str: ...

    def sign_typed_data(self, domain_data: Any, message_types: Any, message_data: Any) -> Any: ...


@dataclass(frozen=True)
class Asset:
    """A dollar token that may be spent."""

    network: str
    asset: str
    decimals: int = 6


USDC = (
    Asset("eip155:8453", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"),
    Asset("eip155:84532", "0x036CbD53842c5426634e7929541eC2318f3dCF7e"),
)
_PICO = {"": 10**12, "m": 10**9, "u": 10**6, "n": 10**3, "p": 1}
_PICO_PER_MSAT = 10
_TYPES = {
    "TransferWithAuthorization": [
        {"name": "from", "type": "address"},
        {"name": "to", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "validAfter", "type": "uint256"},
        {"name": "validBefore", "type": "uint256"},
        {"name": "nonce", "type": "bytes32"},
    ]
}


def lightning(pay_invoice: Callable[[str], str], *, max_sats: int | None = None) -> Wallet:
    """L402: any function that pays a BOLT11 invoice and returns its preimage (64 hex digits).

    `max_sats` caps the invoice: dollars are the service's word, the sats of an invoice are not.
    """

    def pay(offer: Offer, price_usd: Decimal) -> dict[str, str] | None:
        invoice, macaroon, sats = offer.get("invoice"), offer.get("macaroon"), offer.get("priceSats")
        if invoice is None or macaroon is None:
            return None
        if sats is None or amount_msat(invoice) != sats * 1000:
            raise PaymentImpossible("The invoice is not for the price that the offer names.")
        if max_sats is not None and sats > max_sats:
            raise PaymentImpossible(f"The invoice is for {sats} sats, and max_sats is {max_sats}.")
        preimage = pay_invoice(invoice)
        if not re.fullmatch(r"[0-9a-fA-F]{64}", preimage):
            raise ValueError("the wallet returned no preimage")
        return {"authorization": f"L402 {macaroon}:{preimage}"}

    return pay


def amount_msat(invoice: str) -> int | None:
    """The amount of a BOLT11 invoice, from its human-readable part; None where it names none."""
    readable = invoice.lower().rpartition("1")[0]
    found = re.fullmatch(r"ln(?:bcrt|bc|tbs|tb)(\d+)([munp]?)", readable)
    return None if found is None else int(found[1]) * _PICO[found[2]] // _PICO_PER_MSAT


def x402(account: Account, *, assets: Sequence[Asset] = ()) -> Wallet:
    """x402 version 2, scheme `exact`: an `eth_account` account signs a transfer, which is taken once the answer is there.

    It spends USDC on Base; other tokens are named in `assets`.
    """

    def pay(offer: Offer, price_usd: Decimal) -> dict[str, str] | None:
        for terms in offer.get("accepts", []):
            asset = next((one for one in (*USDC, *assets) if _is_of(one, terms)), None)
            if asset is None or terms["scheme"] != "exact":
                continue
            if Decimal(terms["amount"]) > price_usd * 10**asset.decimals:
                raise PaymentImpossible("The transfer is for more than the price that the offer names.")
            return {"payment-signature": _signed(account, offer, terms)}
        return None

    return pay


def _is_of(asset: Asset, terms: dict[str, Any]) -> bool:
    return asset.network == terms["network"] and asset.asset.lower() == str(terms["asset"]).lower()


def _signed(account: Account, offer: Offer, terms: dict[str, Any]) -> str:
    nonce = "0x" + secrets.token_hex(32)
    valid_before = int(time.time()) + int(terms["maxTimeoutSeconds"])
    parties = {"from": account.address, "to": terms["payTo"]}
    domain = {**terms["extra"], "chainId": int(terms["network"].split(":")[1]), "verifyingContract": terms["asset"]}
    numbers = {"value": int(terms["amount"]), "validAfter": 0, "validBefore": valid_before}
    signature = account.sign_typed_data(domain, _TYPES, {**parties, **numbers, "nonce": nonce}).signature.hex()
    authorization = {**parties, **{name: str(number) for name, number in numbers.items()}, "nonce": nonce}
    payment: dict[str, Any] = {
        "x402Version": 2,
        "accepted": terms,
        "payload": {"signature": "0x" + signature.removeprefix("0x"), "authorization": authorization},
        **{name: offer[name] for name in ("resource", "extensions") if name in offer},
    }
    return base64.b64encode(json.dumps(payment, separators=(",", ":")).encode()).decode()
