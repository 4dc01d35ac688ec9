use oracle::apis::{configuration, discover_api, measure_api, Error};
use oracle::models::ComputePowerRequest;
use serde_json::{json, Value};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("BASE_URL").unwrap();
    let mut configuration = configuration::Configuration { base_path: url.clone(), ..Default::default() };
    discover_api::get_health(&configuration).await.unwrap();
    let request: ComputePowerRequest = serde_json::from_value(json!({
        "athlete_uuid": "11111111-1111-4111-8111-111111111111",
        "evaluation_context": "hypothetical",
        "duration_seconds": 60.0,
        "user": { "height": { "value": 70.0, "unit": "in" }, "body_mass": { "value": 180.0, "unit": "lb" } },
        "splits": [{ "duration_seconds": 60.0, "work": { "movements": [{ "movement": "pull_up", "reps": 20 }] } }]
    }))
    .unwrap();
    let unpaid = measure_api::compute_power(&configuration, request.clone(), None, None, None).await;
    let offer = match unpaid {
        Err(Error::ResponseError(response)) => match response.entity {
            Some(measure_api::ComputePowerError::Status402(offer)) => offer,
            other => panic!("not an offer: {other:?}"),
        },
        other => panic!("not an offer: {other:?}"),
    };
    let paid: Value = reqwest::Client::new()
        .post(format!("{url}/dev/lightning/pay"))
        .json(&json!({ "invoice": offer.invoice }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let key = format!("L402 {}:{}", offer.macaroon.unwrap(), paid["preimage"].as_str().unwrap());
    configuration.api_key = Some(configuration::ApiKey { prefix: None, key });
    let answer = measure_api::compute_power(&configuration, request, None, None, None).await.unwrap();
    let watts = answer.results.session.average_power_active.value;
    assert!(watts > 0.0);
    println!("bought {watts:.1} W for {} US dollars", offer.price_usd);
}
