#!/usr/bin/env bash
# A pipeline against a town: starts one, waits until it is ready, runs the checks, and stops it.
# Each check is a line of TAP (https://testanything.org), which CI systems read; the exit code
# is 1 if one has failed.
#
#   examples/pipeline/pipeline.sh [JPKIMOCK]
#
# JPKIMOCK is the program; without it, it is built. Wants bash, curl, jq and OpenSSL 3. Put your own tests in place of
# the checks: what they need of the town is in $ready, and what happens to people is `happens`.
set -euo pipefail

work=$(mktemp -d)
town=
finish() {
  [ -z "$town" ] || { kill "$town" 2>/dev/null && wait "$town" || true; }
  rm -rf "$work"
}
trap finish EXIT

jpkimock=${1:-}
if [ -z "$jpkimock" ]; then
  jpkimock=$work/jpkimock
  (cd "$(dirname "$0")/../.." && go build -o "$jpkimock" .)
fi

# Any free ports, nothing kept, one day at which everything begins. The file is there when every house answers.
ready=$work/ready.json
"$jpkimock" --ephemeral --base-port 0 --manage 127.0.0.1:0 --time 2027-04-01T09:00:00+09:00 --ready-file "$ready" >"$work/town.log" 2>&1 &
town=$!
for _ in $(seq 600); do
  [ -s "$ready" ] && break
  kill -0 "$town" 2>/dev/null || { cat "$work/town.log" >&2; exit 1; }
  sleep 0.1
done
of() { jq -er "$1" "$ready"; }
bank=$(of .urls.bank) card=$(of .urls.card) authority=$(of .urls.authority) manage=$(of .manage) key=$(of .verifiers.bank.key)

sends() { curl -sS --max-time 20 -b "$work/$1" -c "$work/$1" -H 'Content-Type: application/json' -H 'Accept: application/json' "${@:2}"; }
happens() { sends manage "$manage/v1/people/$1/events/$2" -d "${3:-{\}}" -o "$work/happened.json"; }

number=0 failed=0
check() { # NAME COMMAND...
  number=$((number + 1))
  if "${@:2}" >"$work/out" 2>&1; then echo "ok $number - $1"; else
    failed=1
    echo "not ok $number - $1"
    sed 's/^/# /' "$work/out"
  fi
}

# signs NAME: the bank writes an application, 花子's card signs it, and it is laid beside its signature.
signs() {
  sends "$1.bank" "$bank/accounts/draft" -d '{"purpose":"living","branch":"901"}' -o "$work/$1.draft.json"
  jq -r .document.content "$work/$1.draft.json" | base64 -d >"$work/$1.txt"
  jq -c --arg origin "$bank" '{card: "card-hanako", pin: "HANAKO123", $origin, document}' "$work/$1.draft.json" |
    sends "$1.bank" "$card/v1/sign" -d @- -o "$work/$1.signed.json"
  jq -er .cms "$work/$1.signed.json" | base64 -d >"$work/$1.p7s"
}

# status NAME: what the authority says of the certificate that signed, at the town's time.
status() {
  openssl pkcs7 -inform DER -in "$work/$1.p7s" -print_certs | openssl x509 -out "$work/$1.pem"
  local serial
  serial=$(openssl x509 -in "$work/$1.pem" -noout -serial | cut -d = -f 2)
  printf '{"kind":"digital-signature","serial":"%s"}\n' "$serial" |
    curl -sS --max-time 20 -H "Authorization: Bearer $key" -H 'Content-Type: application/x-ndjson' --data-binary @- "$authority/verifier/v1/confirmations" |
    jq -r '[.state, .reason // empty] | join(" ")'
}
verified() {
  curl -sS --max-time 20 "$authority/ca/digital-signature.pem" -o "$work/ca.pem"
  openssl cms -verify -binary -inform DER -in "$work/$1.p7s" -content "$work/$1.txt" -CAfile "$work/ca.pem" -purpose any \
    -attime "$(date -d "$(curl -sS "$authority/clock" | jq -r .now)" +%s)" -out /dev/null
}
is() { local got; got=$("${@:2}"); [ "$got" = "$1" ] || { echo "want $1, got $got"; return 1; }; }
code() { sends "$1.bank" "$bank/accounts" -d "{\"cms\":$(jq .cms "$work/$1.signed.json")}" | jq -r '.code // "opened"'; }

echo 1..9
signs first
check 'a signature of 花子 verifies' verified first
check 'her certificate is good' is unchanged status first
check 'the bank opens an account' is opened code first

happens hanako move '{"address":"青葉県みほん市見本町５丁目６番７号"}'
check 'after a move her certificate is revoked' is 'changed affiliationChanged' status first
signs second
check 'and the bank says so' is revoked code second

sends manage -X POST "$manage/v1/snapshots/beginning/restore" -o "$work/restored.json"
check 'put back, it is good again' is unchanged status first
sends manage -X PUT "$manage/v1/clock" -d '{"advance":{"years":5},"wait":true}' -o "$work/clock.json"
check 'five years later it has expired' is expired status first
signs third
check 'and the bank says so' is expired code third

sends manage -X POST "$manage/v1/snapshots/beginning/restore" -o "$work/restored.json"
signs fourth
sends manage -X PUT "$manage/v1/faults/authority" -d '{"on":["silent"]}' -o "$work/faults.json"
check 'while the authority is silent nobody is believed' is status_unavailable code fourth
exit $failed
