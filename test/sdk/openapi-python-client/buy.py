import os
from uuid import uuid4

import httpx

from oracle.api.discover import get_health
from oracle.api.measure import compute_power
from oracle.client import AuthenticatedClient, Client
from oracle.models import ComputePowerAnswer, ComputePowerRequest, Health, PaymentRequired

url = os.environ["BASE_URL"]
client = Client(base_url=url)
assert isinstance(get_health.sync(client=client), Health)
workout = ComputePowerRequest.from_dict(
    {
        "athlete_uuid": str(uuid4()),
        "evaluation_context": "hypothetical",
        "duration_seconds": 60,
        "user": {"height": {"value": 70, "unit": "in"}, "body_mass": {"value": 180, "unit": "lb"}},
        "splits": [{"duration_seconds": 60, "work": {"movements": [{"movement": "pull_up", "reps": 20}]}}],
    }
)
# The first call is unpaid: its key is empty, which counts as absent.
offer = compute_power.sync(client=AuthenticatedClient(base_url=url, token="", prefix=""), body=workout)
assert isinstance(offer, PaymentRequired), offer
assert offer.status == 402
preimage = httpx.post(f"{url}/dev/lightning/pay", json={"invoice": offer.invoice}).json()["preimage"]
payer = AuthenticatedClient(base_url=url, token=f"{offer.macaroon}:{preimage}", prefix="L402")
answer = compute_power.sync(client=payer, body=workout)
assert isinstance(answer, ComputePowerAnswer), answer
watts = answer.results.session.average_power_active.value
assert watts > 0
print(f"bought {watts:.1f} W for {offer.price_usd} US dollars")
