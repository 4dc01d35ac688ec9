"""Buys answers of a Power Oracle: the mechanical work and power in a workout."""

from ._client import PowerOracle
from ._errors import (
    AnswerPending,
    PaymentFailed,
    PaymentImpossible,
    PaymentRejected,
    PowerOracleError,
    PriceExceeded,
    ProblemError,
)
from ._wallets import Asset, PaidRequest, Wallet, lightning, x402

__all__ = [
    "AnswerPending",
    "Asset",
    "PaidRequest",
    "PaymentFailed",
    "PaymentImpossible",
    "PaymentRejected",
    "PowerOracle",
    "PowerOracleError",
    "PriceExceeded",
    "ProblemError",
    "Wallet",
    "lightning",
    "x402",
]
