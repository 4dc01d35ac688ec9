from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from eth_account import Account

from power_oracle import (
    AnswerPending,
    PaidRequest,
    PaymentFailed,
    PaymentImpossible,
    PaymentRejected,
    PowerOracle,
    PriceExceeded,
    ProblemError,
    Wallet,
    lightning,
    x402,
)
from power_oracle._budget import Budget
from power_oracle._wallets import Offer, amount_msat
from power_oracle.testing import development_payer, development_wallet

if TYPE_CHECKING:
    from power_oracle._schemas import ComputePowerRequest, RevisionRequest

PROOFS = ("authorization", "payment-signature")


def workout() -> ComputePowerRequest:
    return {
        "athlete_uuid": str(uuid4()),
        "evaluation_context": "completed",
        "performed_date": "2026-01-15",
        "duration_seconds": 60,
        "user": {"height": {"value": 70, "unit": "in"}, "body_mass": {"value": 180, "unit": "lb"}},
        "splits": [{"duration_seconds": 60, "work": {"movements": [{"movement": "pull_up", "reps": 20}]}}],
    }


def dollars(url: str) -> Wallet:
    key, assets = development_payer(url)
    return x402(Account.from_key(key), assets=assets)


class Counted:
    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet
        self.payments = 0

    def __call__(self, offer: Offer, price_usd: Decimal) -> dict[str, str] | None:
        self.payments += 1
        return self.wallet(offer, price_usd)


class Losing(httpx.HTTPTransport):
    """Loses the connection of paid requests before they are answered."""

    left = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if any(name in request.headers for name in PROOFS) and self.left > 0:
            self.left -= 1
            response.read()
            raise httpx.ReadError("the connection was lost")
        return response


@pytest.mark.parametrize("rail", [development_wallet, dollars])
def test_buys_and_lives_through_a_history(url: str, rail: Any) -> None:
    oracle = PowerOracle(url + "/", pay=rail(url), max_price_usd="0.10")
    request = workout()
    assert oracle.validate(request)["price"]["price_usd"] == "0.10"
    first = oracle.compute_power(request)
    assert first["results"]["session"]["total_work"]["value"] > 0
    revision: RevisionRequest = {
        "athlete_uuid": request["athlete_uuid"],
        "evaluation_context": "completed",
        "performed_date": "2026-01-16",
        "duration_seconds": request["duration_seconds"],
        "user": request["user"],
        "splits": request["splits"],
        "supersedes_revision_id": first["revision_id"],
    }
    second = oracle.revise(first["workout_id"], revision)
    athlete = request["athlete_uuid"]
    listed = oracle.workouts(athlete, limit=5, movement="pull_up")["workouts"]
    assert [one["revision_id"] for one in listed] == [second["revision_id"]]
    assert len(oracle.workout(athlete, first["workout_id"])["revisions"]) == 2
    assert oracle.curve(athlete, to_seconds=600)["workout_count"] == 1
    voided = oracle.void_workout(
        first["workout_id"], {"athlete_uuid": athlete, "revision_id": second["revision_id"]}
    )
    assert voided["state"] == "voided"
    assert "pull_up" in oracle.movements() and oracle.prices()["routes"]


def test_nothing_is_paid_above_a_cap_or_for_problems(url: str) -> None:
    wallet = Counted(development_wallet(url))
    with pytest.raises(PriceExceeded):
        PowerOracle(url, pay=wallet, max_price_usd=0.09).compute_power(workout())
    with pytest.raises(PaymentImpossible):
        PowerOracle(url, max_price_usd=1).compute_power(workout())
    with pytest.raises(PaymentImpossible):
        PowerOracle(url, pay=lightning(str, max_sats=99), max_price_usd=1).compute_power(workout())
    with pytest.raises(ProblemError) as rejected:
        PowerOracle(url, pay=wallet, max_price_usd=1).compute_power({**workout(), "duration_seconds": 1})
    assert (rejected.value.status, rejected.value.errors[0]["pointer"]) == (422, "/duration_seconds")
    assert wallet.payments == 0
    total = PowerOracle(url, pay=wallet, max_price_usd=1, max_total_usd="0.20")
    total.compute_power(workout())
    total.compute_power(workout())
    with pytest.raises(PriceExceeded):
        total.compute_power(workout())
    assert wallet.payments == 2


@pytest.mark.parametrize("rail", [development_wallet, dollars])
def test_a_lost_answer_is_fetched_with_the_same_proof(url: str, rail: Any) -> None:
    wallet = Counted(rail(url))
    losing = Losing()
    http = httpx.Client(transport=losing, timeout=30)
    losing.left = 1
    assert PowerOracle(url, pay=wallet, max_price_usd=1, http=http).compute_power(workout())["workout_id"]
    assert wallet.payments == 1

    kept: list[PaidRequest] = []
    hasty = PowerOracle(url, pay=wallet, max_price_usd=1, http=http, retry_for_seconds=0, on_paid=kept.append)
    losing.left = 1
    with pytest.raises(AnswerPending) as pending:
        hasty.compute_power(workout())
    assert [pending.value.paid] == kept
    paid: PaidRequest = json.loads(json.dumps(pending.value.paid))
    assert hasty.resume(paid)["workout_id"]
    with pytest.raises(PaymentRejected):
        hasty.resume({**paid, "body": json.dumps(workout())})
    assert wallet.payments == 2


@pytest.mark.parametrize("status", [402, 403, 409, 502, 503])
def test_after_a_payment_nothing_is_paid_again(status: int) -> None:
    offer = {"price_usd": "0.10"}

    def service(request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:
            return httpx.Response(status, text="<html>")
        return httpx.Response(402, json=offer)

    wallet = Counted(lambda offer, price_usd: {"authorization": "L402 a:b"})
    http = httpx.Client(transport=httpx.MockTransport(service))
    oracle = PowerOracle("http://fake", pay=wallet, max_price_usd=1, http=http, retry_for_seconds=0)
    with pytest.raises(AnswerPending if status > 500 else PaymentRejected):
        oracle.compute_power(workout())
    assert wallet.payments == 1


def test_a_wallet_that_raises_is_not_asked_again() -> None:
    def broken(offer: Offer, price_usd: Decimal) -> dict[str, str]:
        raise RuntimeError("no route")

    wallet = Counted(broken)
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(402, json={"price_usd": "0.10"})))
    with pytest.raises(PaymentFailed):
        PowerOracle("http://fake", pay=[wallet, wallet], max_price_usd=1, http=http).compute_power(workout())
    assert wallet.payments == 1


def test_amounts() -> None:
    amounts = {
        "lnbc2500u": 250_000_000,
        "lnbc20m": 2_000_000_000,
        "lnbc9678785340p": 967_878_534,
        "lnbcrt1u": 100_000,
        "LNBC1500N": 150_000,
        "lnbc": None,
    }
    for readable, msat in amounts.items():
        assert amount_msat(f"{readable}1qqqqqqq") == msat
    budget = Budget("0.10", 0.25)
    budget.take("0.10")
    budget.give_back(budget.take("0.10"))
    budget.take("0.10")
    for price in ("0.10", "-1", "NaN", "Infinity"):
        with pytest.raises(PriceExceeded):
            budget.take(price)


def test_the_lines_of_the_readme_buy_an_answer(url: str, tmp_path: Path) -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text()
    found = re.search(r"```python\n(.*?)```", readme, re.S)
    assert found is not None
    pay = f"""
import httpx
def pay_invoice(invoice):
    return httpx.post("{url}/dev/lightning/pay", json={{"invoice": invoice}}).json()["preimage"]
"""
    program = tmp_path / "buy.py"
    program.write_text(pay + found[1].replace("https://power.example", url))
    printed = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True).stdout
    assert re.match(r"\{'value': \d+", printed)
