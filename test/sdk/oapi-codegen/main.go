package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"sdk/oracle"
)

const workout = `{"athlete_uuid":"11111111-1111-4111-8111-111111111111","evaluation_context":"hypothetical","duration_seconds":60,
"user":{"height":{"value":70,"unit":"in"},"body_mass":{"value":180,"unit":"lb"}},
"splits":[{"duration_seconds":60,"work":{"movements":[{"movement":"pull_up","reps":20}]}}]}`

func main() {
	url, ctx := os.Getenv("BASE_URL"), context.Background()
	client, err := oracle.NewClientWithResponses(url)
	check(err)
	health, err := client.GetHealthWithResponse(ctx)
	check(err)
	if health.JSON200 == nil {
		panic("no health")
	}
	var body oracle.ComputePowerRequest
	check(json.Unmarshal([]byte(workout), &body))
	unpaid, err := client.ComputePowerWithResponse(ctx, nil, body)
	check(err)
	offer := unpaid.ApplicationproblemJSON402
	if offer == nil || int(offer.Status) != 402 {
		panic(string(unpaid.Body))
	}
	proof := "L402 " + *offer.Macaroon + ":" + pay(url, *offer.Invoice)
	paid, err := client.ComputePowerWithResponse(ctx, nil, body, func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", proof)
		return nil
	})
	check(err)
	if paid.JSON200 == nil || !(paid.JSON200.Results.Session.AveragePowerActive.Value > 0) {
		panic(string(paid.Body))
	}
	fmt.Printf("bought %.1f W for %s US dollars\n", paid.JSON200.Results.Session.AveragePowerActive.Value, offer.PriceUsd)
}

// pay pays an invoice with the development wallet and returns its preimage.
func pay(url, invoice string) string {
	body, err := json.Marshal(map[string]string{"invoice": invoice})
	check(err)
	response, err := http.Post(url+"/dev/lightning/pay", "application/json", bytes.NewReader(body))
	check(err)
	defer response.Body.Close()
	var paid struct{ Preimage string }
	check(json.NewDecoder(response.Body).Decode(&paid))
	return paid.Preimage
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
