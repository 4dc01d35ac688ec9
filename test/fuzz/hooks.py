"""What Schemathesis does not know of this service: how a workout is made plausible, and how an answer is bought.

A body that Schemathesis generates seldom describes a workout. Every other body that matches its schema is therefore laid over
a workout that can be sold, and three of four such requests are paid for with the development wallet before they are sent, so
that the paid answer is checked; the fourth gets an offer. Every other request about a stored workout or an athlete is about a
workout that was bought before; the hook buys one when none is left.
"""

import atexit
import copy
import zlib
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis import Case, CheckContext, GenerationMode, HookContext, Response

PAID = {"computePower", "reviseWorkout"}
WORKOUT = {"computePower", "validateWorkout"}
#: Operations on one stored workout, which answer 200 for one that is.
RECORDS = {"reviseWorkout", "voidWorkout", "getWorkout"}
#: Operations on all workouts of an athlete, whose filters are left as they were generated.
ATHLETES = {
    "listWorkouts",
    "exportWorkoutsAsCsv",
    "getPowerDurationCurve",
    "drawPowerDurationCurve",
    "eraseAthlete",
}
PROOFS = {"authorization", "payment-signature"}
TIME_LIMIT_SECONDS = 30
#: Members of a generated workout that no rule across members forbids.
KEPT = ("athlete_uuid", "response_units")

#: Stored workouts, newest last: athlete, workout and canonical revision.
stored: list[dict[str, str]] = []
calls = Counter[str]()
seeded: set[str] = set()
session = requests.Session()


def digest(case: Case) -> int:
    """A number that is the same for a case in each run with one seed."""
    return zlib.crc32(repr((case.path_parameters, case.query, case.headers, case.body)).encode())


def is_valid(case: Case) -> bool:
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def plausible(generated: dict[str, Any]) -> dict[str, Any]:
    """A workout that can be sold, with those members of a generated one that leave it so."""
    workout = {
        "athlete_uuid": "11111111-1111-4111-8111-111111111111",
        "evaluation_context": "hypothetical",
        "duration_seconds": 300,
        "user": {"height": {"value": 70, "unit": "in"}, "body_mass": {"value": 180, "unit": "lb"}},
        "splits": [{"duration_seconds": 60, "work": {"movements": [{"movement": "pull_up", "reps": 20}]}}],
    }
    workout.update({name: generated[name] for name in KEPT if name in generated})
    if generated.get("evaluation_context") == "completed":
        workout.update(evaluation_context="completed", performed_date="2026-01-15")
    user = generated.get("user", {})
    workout["user"].update({name: user[name] for name in ("age_years", "sex") if name in user})
    for split in generated.get("splits", [])[:1]:
        workout["splits"][0].update({name: split[name] for name in ("label",) if name in split})
    return workout


def about_record(case: Case, operation: str, record: dict[str, str]) -> None:
    """Lets a case be about a workout that is stored, or about its athlete."""
    case.path_parameters = {name: record[name] for name in case.path_parameters}
    if operation == "reviseWorkout":
        case.body = {
            **plausible({**case.body, "evaluation_context": "completed", "athlete_uuid": record["athlete_uuid"]}),
            "supersedes_revision_id": record["revision_id"],
        }
    elif operation == "voidWorkout":
        case.body = {name: record[name] for name in ("athlete_uuid", "revision_id")}


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    operation = case.operation.definition.raw.get("operationId")
    number = digest(case)
    chosen = number % 2 == 0
    if is_valid(case) and chosen:
        if operation in WORKOUT and isinstance(case.body, dict):
            case.body = plausible(copy.deepcopy(case.body))
            seeded.add(case.id)
        elif operation in RECORDS | ATHLETES:
            about_record(case, operation, stored[-1] if stored else buy_workout(service_of(case, kwargs)))
            if operation in RECORDS:
                seeded.add(case.id)
        elif operation == "payWithDevelopmentWallet":
            # Of a workout that no other case describes: the same one would be offered with this invoice, which is paid.
            described = {**plausible({}), "scenario_label": case.id}
            case.body = {"invoice": offer_of(service_of(case, kwargs), described)["invoice"]}
    if case.id in seeded or (operation in PAID and chosen):
        # A request has one proof; those that Schemathesis makes up are left to the other half.
        case.headers = {name: value for name, value in case.headers.items() if name.lower() not in PROOFS}
    # Every fourth of these is left an offer.
    if operation in PAID and chosen and number % 8 > 0:
        proof = bought(case, kwargs)
        if proof is not None:
            case.headers["Authorization"] = proof


def service_of(case: Case, kwargs: dict[str, Any]) -> str:
    """The URL of the service."""
    url = urlsplit(case.as_transport_kwargs(base_url=kwargs.get("base_url"))["url"])
    return f"{url.scheme}://{url.netloc}"


def bought(case: Case, kwargs: dict[str, Any]) -> str | None:
    """Asks for an offer and pays it. Returns `Authorization`, or None where the request is not for sale."""
    request = case.as_transport_kwargs(base_url=kwargs.get("base_url"), headers=kwargs.get("headers"))
    offer = session.request(**request, timeout=TIME_LIMIT_SECONDS)
    if offer.status_code != 402 or "invoice" not in offer.json():
        return None
    return paid(service_of(case, kwargs), offer.json())


def paid(service: str, offer: dict[str, Any]) -> str:
    """Pays an offer. Returns `Authorization`."""
    invoice = {"invoice": offer["invoice"]}
    receipt = session.post(f"{service}/dev/lightning/pay", json=invoice, timeout=TIME_LIMIT_SECONDS)
    receipt.raise_for_status()
    return f"L402 {offer['macaroon']}:{receipt.json()['preimage']}"


def offer_of(service: str, body: dict[str, Any]) -> dict[str, Any]:
    """The offer of an answer."""
    answer = session.post(f"{service}/v1/compute-power", json=body, timeout=TIME_LIMIT_SECONDS)
    assert answer.status_code == 402, answer.text
    offer: dict[str, Any] = answer.json()
    return offer


def buy_workout(service: str) -> dict[str, str]:
    """Buys a completed workout, so that one is stored."""
    body = plausible({"evaluation_context": "completed"})
    proof = {"Authorization": paid(service, offer_of(service, body))}
    answer = session.post(f"{service}/v1/compute-power", json=body, headers=proof, timeout=TIME_LIMIT_SECONDS)
    answer.raise_for_status()
    return keep(body["athlete_uuid"], answer.json())


def keep(athlete_uuid: str, answer: dict[str, Any]) -> dict[str, str]:
    """Notes the canonical revision that an answer names."""
    ids = {name: answer[name] for name in ("workout_id", "revision_id")}
    stored[:] = [one for one in stored if one["workout_id"] != ids["workout_id"]]
    stored.append({"athlete_uuid": athlete_uuid, **ids})
    return stored[-1]


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    operation = case.operation.definition.raw.get("operationId")
    calls[f"{operation} {response.status_code}"] += 1
    if operation == "eraseAthlete":
        erased = str(case.path_parameters["athlete_uuid"]).lower()
        stored[:] = [one for one in stored if one["athlete_uuid"].lower() != erased]
    if response.status_code != 200:
        return
    if operation == "voidWorkout":
        stored[:] = [one for one in stored if one["workout_id"] != case.path_parameters["workout_id"]]
    elif operation in PAID and "workout_id" in response.json():
        keep(case.body["athlete_uuid"], response.json())


@atexit.register
def print_calls() -> None:
    print("answers:", ", ".join(f"{name}: {count}" for name, count in sorted(calls.items())), flush=True)


@schemathesis.check
def a_plausible_workout_is_sold(ctx: CheckContext, response: Response, case: Case) -> None:
    """A workout that breaks no rule is offered or measured: the statuses of invalid ones are allowed in general."""
    if case.id in seeded:
        assert response.status_code in (200, 402), response.text
