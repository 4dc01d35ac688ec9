#!/bin/sh
# Buys an answer in sats with curl and a wallet's command line: sh examples/curl.sh https://power.example
# On this machine it pays a development service (npm start) with that one's play money.
set -eu
url=${1:-http://127.0.0.1:3000}
workout=$(dirname "$0")/workout.json

ask() { curl -sS "$url/v1/compute-power" -H 'content-type: application/json' --data-binary "@$workout" "$@"; }
# One parameter of the challenge, one member of a JSON answer.
parameter() { sed -n "s/^[Ww][Ww][Ww]-[Aa]uthenticate:.* $1=\"\([^\"]*\)\".*/\1/p"; }
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

challenge=$(ask -o /dev/null -D -)
macaroon=$(echo "$challenge" | parameter macaroon)
invoice=$(echo "$challenge" | parameter invoice)
[ -n "$invoice" ] || { echo "no offer over Lightning: $challenge" >&2; exit 1; }

case $url in
  http://127.0.0.1:* | http://localhost:*)
    preimage=$(curl -sS "$url/dev/lightning/pay" -H 'content-type: application/json' \
      -d "{\"invoice\":\"$invoice\"}" | member preimage) ;;
  *)
    # lncli asks before it pays; --force does not. Look at the invoice first: lncli decodepayreq "$invoice"
    preimage=$(lncli payinvoice --json "$invoice" | tr -d ' \n' | member payment_preimage) ;;
esac

# The proof brings the same answer again for a day, should the line be lost.
ask --fail-with-body -H "Authorization: L402 $macaroon:$preimage"
