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

// proof is the payer's key; before the payment it is empty, which counts as absent.
type proof struct{ value string }

func (p *proof) L402(context.Context, oracle.OperationName) (oracle.L402, error) {
	return oracle.L402{APIKey: p.value}, nil
}

func main() {
	url, ctx, key := os.Getenv("BASE_URL"), context.Background(), &proof{}
	client, err := oracle.NewClient(url, key)
	check(err)
	_, err = client.GetHealth(ctx)
	check(err)
	var body oracle.ComputePowerRequest
	check(body.UnmarshalJSON([]byte(workout)))
	unpaid, err := client.ComputePower(ctx, &body, oracle.ComputePowerParams{})
	check(err)
	offer, ok := unpaid.(*oracle.PaymentOffersHeaders)
	if !ok {
		panic(fmt.Sprintf("no offer: %T", unpaid))
	}
	key.value = "L402 " + offer.Response.Macaroon.Value + ":" + pay(url, offer.Response.Invoice.Value)
	paid, err := client.ComputePower(ctx, &body, oracle.ComputePowerParams{})
	check(err)
	answer, ok := paid.(*oracle.ComputePowerAnswerHeaders)
	if !ok || !(answer.Response.Results.Session.AveragePowerActive.Value > 0) {
		panic(fmt.Sprintf("not bought: %T", paid))
	}
	watts := answer.Response.Results.Session.AveragePowerActive.Value
	fmt.Printf("bought %.1f W for %s US dollars\n", watts, offer.Response.PriceUsd)
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
