from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from ._budget import Budget
from ._errors import AnswerPending, PaymentFailed, PaymentImpossible, PaymentRejected, ProblemError
from ._wallets import Offer, PaidRequest, Wallet

if TYPE_CHECKING:
    from ._schemas import (
        ComputePowerAnswer,
        ComputePowerRequest,
        CurveAnswer,
        MovementsDocument,
        PaymentRequirements,
        RevisionRequest,
        ValidationAnswer,
        VoidAnswer,
        VoidRequest,
        WorkoutDetail,
        WorkoutList,
    )

_ATTEMPT_SECONDS = 30.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 10.0


class PowerOracle:
    """A client of one service.

    A purchase asks, pays once and asks again with the proof; a lost answer is fetched with the same proof, never with a
    second payment.

    base_url          where the service is, such as https://power.example
    pay               what pays, the preferred wallet first; without any only free calls work
    max_price_usd     the most US dollars for one answer; nothing is paid above it
    max_total_usd     the most US dollars for all answers that this client buys
    retry_for_seconds how long a request is tried again that the service may yet answer
    on_paid           is given each paid request before it is sent, to keep it until the answer is there
    """

    def __init__(
        self,
        base_url: str,
        *,
        max_price_usd: str | float | Decimal,
        pay: Wallet | Sequence[Wallet] = (),
        max_total_usd: str | float | Decimal | None = None,
        retry_for_seconds: float = 60.0,
        on_paid: Callable[[PaidRequest], object] | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._wallets: Sequence[Wallet] = (pay,) if callable(pay) else tuple(pay)
        self._budget = Budget(max_price_usd, max_total_usd)
        self._retry_for_seconds = retry_for_seconds
        self._on_paid = on_paid
        self._http = http or httpx.Client(timeout=_ATTEMPT_SECONDS)

    def compute_power(self, workout: ComputePowerRequest) -> ComputePowerAnswer:
        """Paid: the work and power of a workout."""
        return cast("ComputePowerAnswer", self._buy("/v1/compute-power", workout))

    def revise(self, workout_id: str, revision: RevisionRequest) -> ComputePowerAnswer:
        """Paid: corrects a stored workout."""
        return cast("ComputePowerAnswer", self._buy(f"{_workout(workout_id)}/revisions", revision))

    def resume(self, paid: PaidRequest) -> ComputePowerAnswer:
        """Fetches the answer of a request that is paid already, with its proof."""
        return cast("ComputePowerAnswer", self._collect(paid))

    def validate(self, workout: ComputePowerRequest) -> ValidationAnswer:
        """Free: every problem of a workout, or its price and notes."""
        return cast("ValidationAnswer", self._post("/v1/validate", workout))

    def void_workout(self, workout_id: str, request: VoidRequest) -> VoidAnswer:
        """Free: a stored workout no longer counts."""
        return cast("VoidAnswer", self._post(f"{_workout(workout_id)}/void", request))

    def workouts(self, athlete_uuid: str, **query: str | int) -> WorkoutList:
        """Free: a page of an athlete's workouts, newest first: limit, cursor, performed_from, performed_to, movement."""
        return cast("WorkoutList", self._get(f"{_athlete(athlete_uuid)}/workouts", query))

    def workout(self, athlete_uuid: str, workout_id: str) -> WorkoutDetail:
        """Free: one record with its audit trail."""
        path = f"{_athlete(athlete_uuid)}/workouts/{quote(workout_id, safe='')}"
        return cast("WorkoutDetail", self._get(path, {"include": "revisions"}))

    def curve(self, athlete_uuid: str, **query: str | float) -> CurveAnswer:
        """Free: the power-duration curve: from_seconds, to_seconds, performed_from, performed_to."""
        return cast("CurveAnswer", self._get(f"{_athlete(athlete_uuid)}/curve", query))

    def movements(self) -> MovementsDocument:
        """Free: every movement with its inputs and units."""
        return cast("MovementsDocument", self._get("/v1/movements", {}))

    def prices(self) -> PaymentRequirements:
        """Free: the price of every paid route."""
        return cast("PaymentRequirements", self._get("/v1/payment-requirements", {}))

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        return _answer(self._send("GET", path, params=query))

    def _post(self, path: str, body: object) -> Any:
        return _answer(self._send("POST", path, json=body))

    def _buy(self, path: str, request: object) -> Any:
        body = json.dumps(request)
        headers = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
        unpaid = self._send("POST", path, content=body, headers=headers)
        if unpaid.status_code != 402:
            return _answer(unpaid)
        proof = self._pay(_offer(unpaid))
        paid: PaidRequest = {"path": path, "body": body, "headers": {**headers, **proof}}
        if self._on_paid is not None:
            self._on_paid(paid)
        return self._collect(paid)

    def _pay(self, offer: Offer) -> dict[str, str]:
        price = self._budget.take(offer["price_usd"])
        for wallet in self._wallets:
            try:
                proof = wallet(offer, price)
            except PaymentImpossible:
                self._budget.give_back(price)
                raise
            except Exception as error:
                raise PaymentFailed("The wallet did not pay.") from error
            if proof is not None:
                return proof
        self._budget.give_back(price)
        raise PaymentImpossible("No wallet pays what is offered.")

    def _collect(self, paid: PaidRequest) -> Any:
        try:
            response = self._send("POST", paid["path"], content=paid["body"], headers=paid["headers"])
            if response.is_success:
                return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AnswerPending(paid, error) from error
        problem = _problem(response)
        if response.status_code >= 500 or response.status_code == 429 or "retry-after" in response.headers:
            raise AnswerPending(paid, problem["detail"])
        raise PaymentRejected(problem, paid)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Sends a request, and the same one again while the service cannot answer."""
        end = time.monotonic() + self._retry_for_seconds
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                response = self._http.request(method, self._base_url + path, **options)
            except httpx.TransportError:
                if time.monotonic() + wait > end:
                    raise
                time.sleep(wait)
            else:
                pause = _pause(response, wait)
                if pause is None or time.monotonic() + pause > end:
                    return response
                time.sleep(pause)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)


def _pause(response: httpx.Response, wait: float) -> float | None:
    """How long to wait before the same request may succeed; None where the answer is final."""
    after = response.headers.get("retry-after", "")
    status = response.status_code
    if status < 500 and status != 429 and not (status == 409 and after):
        return None
    return float(after) if after.isdecimal() and after != "0" else wait


def _answer(response: httpx.Response) -> Any:
    if not response.is_success:
        raise ProblemError(_problem(response))
    return response.json()


def _problem(response: httpx.Response) -> dict[str, Any]:
    """The problem document of an error; an error of something between is told in the same form."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and "code" in problem:
        return problem
    status = response.status_code
    return {"status": status, "code": "unreadable", "detail": f"Status {status} without a problem document."}


def _offer(response: httpx.Response) -> Offer:
    """The body of a 402, with the members of PAYMENT-REQUIRED, which alone hold the extensions."""
    encoded = response.headers.get("payment-required")
    return {**response.json(), **(json.loads(base64.b64decode(encoded)) if encoded else {})}


def _workout(workout_id: str) -> str:
    return f"/v1/workouts/{quote(workout_id, safe='')}"


def _athlete(athlete_uuid: str) -> str:
    return f"/v1/athletes/{quote(athlete_uuid, safe='')}"
