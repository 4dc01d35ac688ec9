import json
import os
import urllib.request
from uuid import uuid4

from oracle_client import (
    ApiClient,
    ApiException,
    ComputePowerRequest,
    Configuration,
    DiscoverApi,
    MeasureApi,
    PaymentRequired,
)

url = os.environ["BASE_URL"]
client = ApiClient(Configuration(host=url))
assert DiscoverApi(client).get_health().status
request = ComputePowerRequest.from_dict(
    {
        "athlete_uuid": str(uuid4()),
        "evaluation_context": "hypothetical",
        "duration_seconds": 60,
        "user": {"height": {"value": 70, "unit": "in"}, "body_mass": {"value": 180, "unit": "lb"}},
        "splits": [{"duration_seconds": 60, "work": {"movements": [{"movement": "pull_up", "reps": 20}]}}],
    }
)
assert request is not None
try:
    MeasureApi(client).compute_power(compute_power_request=request)
    raise AssertionError("it was not sold")
except ApiException as problem:
    assert problem.status == 402, problem
    offer = problem.data
assert isinstance(offer, PaymentRequired), offer
pay = urllib.request.Request(
    f"{url}/dev/lightning/pay",
    data=json.dumps({"invoice": offer.invoice}).encode(),
    headers={"content-type": "application/json"},
)
with urllib.request.urlopen(pay) as response:
    preimage = json.load(response)["preimage"]
payer = ApiClient(Configuration(host=url, api_key={"l402": f"L402 {offer.macaroon}:{preimage}"}))
answer = MeasureApi(payer).compute_power(compute_power_request=request)
watts = answer.results.session.average_power_active.value
assert watts > 0
print(f"bought {watts:.1f} W for {offer.price_usd} US dollars")
