from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._wallets import PaidRequest


class PowerOracleError(Exception):
    """What every error of this package extends."""


class ProblemError(PowerOracleError):
    """The service rejects the request. Nothing was paid."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.problem = problem
        self.status: int = problem["status"]
        self.code: str = problem["code"]
        self.errors: list[dict[str, Any]] = problem.get("errors", [])


class PriceExceeded(PowerOracleError):
    """The answer costs more than max_price_usd, or than is left of max_total_usd. Nothing was paid."""


class PaymentImpossible(PowerOracleError):
    """No wallet pays what is offered. Nothing was paid."""


class PaymentFailed(PowerOracleError):
    """The wallet failed. What it did with the money, only the wallet knows: look before you buy again."""


class AnswerPending(PowerOracleError):
    """Paid, and no answer yet. `resume(paid)` fetches it later; do not buy it again."""

    def __init__(self, paid: PaidRequest, cause: object) -> None:
        super().__init__(f"The answer is paid for and could not be fetched: {cause}")
        self.paid = paid


class PaymentRejected(PowerOracleError):
    """The service takes the proof for no answer. It is never paid a second time."""

    def __init__(self, problem: dict[str, Any], paid: PaidRequest) -> None:
        super().__init__(problem.get("reason", problem)["detail"])
        self.problem = problem
        self.paid = paid
