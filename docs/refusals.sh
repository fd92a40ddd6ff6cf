#!/bin/bash
# Every bad input and every role's refusal, with curl against a running "./weir adapter simulated":
#
#   ./weir adapter simulated &        (once)
#   docs/refusals.sh [HOME]           (HOME: where the adapter keeps its things; default .weir beside ./weir)
#
# Prints one line for each case and fails if any case went otherwise than it must.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
home=${1:-$root/.weir}
certs=$home/certs
url=$(sed -n 's/.*"adapter" *: *{[^}]*"url" *: *"\([^"]*\)".*/\1/p' <(tr -d '\n' <"$home/run.json")) || exit 1
[ -n "$url" ] || { echo "no running adapter in $home/run.json" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
cases=0

# as ROLE curl-arguments...: the answer's body in $work/body, its status in $status, seconds in $took
as() {
    local role=$1
    shift
    read -r status took < <(curl -sS -o "$work/body" -w '%{http_code} %{time_total}\n' --max-time 10 \
        --cacert "$certs/ca.pem" --cert "$certs/$role.pem" --key "$certs/$role.key" "$@" 2>"$work/error")
    [ -s "$work/body" ] || : >"$work/body"
}

message() { sed -n 's/.*"message":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$work/body" | cut -c1-90; }

# verdict NAME EXPECTED-STATUS [TEXT that the body must have]
verdict() {
    cases=$((cases + 1))
    local mark=ok
    [ "$status" = "$2" ] || mark=WRONG
    if [ -n "${3:-}" ] && ! grep -qF -- "$3" "$work/body"; then mark=WRONG; fi
    if [ "$2" != 200 ] && [ "$2" != 000 ] && ! grep -q '"errorId":"' "$work/body"; then mark=WRONG; fi
    awk -v t="$took" 'BEGIN { exit !(t > 1) }' && mark=SLOW
    [ "$mark" = ok ] || wrong=$((wrong + 1))
    printf '%-5s %s %5.0f ms  %-34s %s\n' "$mark" "$status" "$(awk -v t="$took" 'BEGIN { print t * 1000 }')" "$1" "$(message)"
}

generation() { as viewer "$url/pool/size"; sed -n 's/.*"generation":\([0-9]*\).*/\1/p' "$work/body"; }

bad() { # NAME STATUS TEXT BODY
    printf '%s' "$4" >"$work/in"
    as operator "$url/pool/size" -H 'Content-Type: application/json' --data-binary @"$work/in"
    verdict "$1" "$2" "$3"
}

as operator "$url/pool/size" --json '{"desiredSize": 2}'
[ "$status" = 200 ] || { echo "the pool takes no size: $(message) $(cat "$work/error")" >&2; exit 1; }
before=$(generation)

echo "== bodies of POST /pool/size (nothing may change)"
bad 'null' 400 '"field":"desiredSize"' '{"desiredSize": null}'
bad 'missing' 400 '"field":"desiredSize"' '{}'
bad 'fraction' 400 '"field":"desiredSize"' '{"desiredSize": 2.7}'
bad 'whole fraction' 400 '"field":"desiredSize"' '{"desiredSize": 2.0}'
bad 'exponent' 400 '"field":"desiredSize"' '{"desiredSize": 1e1}'
bad 'string' 400 '"field":"desiredSize"' '{"desiredSize": "3"}'
bad 'boolean' 400 '"field":"desiredSize"' '{"desiredSize": true}'
bad 'negative' 400 '"field":"desiredSize"' '{"desiredSize": -5}'
bad 'above max' 400 '"field":"desiredSize"' '{"desiredSize": 1000000}'
bad 'above Integer' 400 '"field":"desiredSize"' '{"desiredSize": 2147483648}'
bad '400 digits' 400 '"field":"desiredSize"' "{\"desiredSize\": $(printf '9%.0s' $(seq 400))}"
bad 'NaN' 400 'NaN' '{"desiredSize": NaN}'
bad 'unknown field' 400 '"field":"reson"' '{"desiredSize": 3, "reson": "x"}'
bad 'duplicate field' 400 '"field":"desiredSize"' '{"desiredSize": 3, "desiredSize": 4}'
bad 'trailing tokens' 400 'message' '{"desiredSize": 3} x'
bad 'two documents' 400 'message' '{"desiredSize": 3}{"desiredSize": 4}'
bad 'comment' 400 'comment' '{/* three */ "desiredSize": 3}'
bad 'empty body' 400 'empty' ''
bad 'not JSON' 400 'message' 'desiredSize=3'
printf '{"desiredSize": 3}' | iconv -f UTF-8 -t UTF-16 >"$work/in"
as operator "$url/pool/size" -H 'Content-Type: application/json' --data-binary @"$work/in"
verdict 'UTF-16' 400 'UTF-16'
head -c 1000000 /dev/zero | tr '\0' ' ' >"$work/in"
as operator "$url/pool/size" -H 'Content-Type: application/json' -H 'Expect:' --data-binary @"$work/in"
verdict '1 MB of blanks' 413
head -c 100000 /dev/zero | tr '\0' '[' >"$work/in"
as operator "$url/pool/size" -H 'Content-Type: application/json' -H 'Expect:' --data-binary @"$work/in"
verdict '100,000 brackets' 413
head -c 60000 /dev/zero | tr '\0' '[' >"$work/in"
as operator "$url/pool/size" -H 'Content-Type: application/json' -H 'Expect:' --data-binary @"$work/in"
verdict '60,000 brackets' 400 'nested'
as operator "$url/pool/size" -d '{"desiredSize": 3}'
verdict 'a form (curl -d)' 415 '--json'
as operator "$url/pool/size" -H 'If-Match: "999999"' --json '{"desiredSize": 3}'
verdict 'a stale If-Match' 412

after=$(generation)
cases=$((cases + 1))
if [ "$before" = "$after" ]; then
    echo "ok    the size is of generation $after as before"
else
    echo "WRONG the generation went from $before to $after"
    wrong=$((wrong + 1))
fi

echo "== roles (body of no JSON: a 403 is decided before it is read)"
refused() { # METHOD PATH ROLES...
    local method=$1 path=$2
    shift 2
    for role in "$@"; do
        if [ "$method" = GET ]; then
            as "$role" "$url$path"
        else
            as "$role" "$url$path" -X "$method" -H 'Content-Type: application/json' --data-binary 'no json'
        fi
        verdict "$role $method $path" 403 '"code":"FORBIDDEN"'
    done
}
for base in '' /pools/default /cloudpools/default; do
    refused POST $base/pool/size viewer monitor
    for path in /pool/i-1/terminate /pool/i-1/detach /pool/i-1/attach /pool/terminate /pool/detach /pool/attach \
        /pool/membershipStatus /start /stop /freeze /unfreeze /adopt /breaker/reset /scopes/zone-a/lost; do
        refused POST $base$path viewer monitor autoscaler
    done
    refused POST $base/pool/i-1/serviceState viewer autoscaler
    refused POST $base/pool/serviceState viewer autoscaler
    refused POST $base/config viewer monitor autoscaler operator
    refused DELETE $base/size-hold viewer monitor autoscaler
done
refused PUT /pools/other viewer monitor autoscaler operator
refused DELETE /pools/default viewer monitor autoscaler operator
refused POST /fleet/freeze viewer monitor autoscaler
refused POST /fleet/unfreeze viewer monitor autoscaler
refused POST /connections/default/refresh viewer monitor autoscaler
as monitor "$url/pool/i-1/serviceState" --json '{"serviceState": "OUT_OF_SERVICE"}'
verdict 'monitor takes a machine out' 403 '"code":"FORBIDDEN"'
for role in viewer monitor autoscaler operator admin; do
    as "$role" "$url/pool/size"
    verdict "$role reads" 200
done

echo "== certificates"
read -r status took < <(curl -sS -o "$work/body" -w '%{http_code} %{time_total}\n' --cacert "$certs/ca.pem" "$url/pool/size" 2>/dev/null)
: >"$work/body"
verdict 'no certificate: no handshake' 000
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=stranger \
    -addext 'subjectAltName=URI:weir://admin/stranger' -addext 'extendedKeyUsage=clientAuth' \
    -keyout "$work/stranger.key" -out "$work/stranger.pem" 2>/dev/null
read -r status took < <(curl -sS -o "$work/body" -w '%{http_code} %{time_total}\n' --cacert "$certs/ca.pem" \
    --cert "$work/stranger.pem" --key "$work/stranger.key" "$url/pool/size" 2>/dev/null)
: >"$work/body"
verdict "a stranger's certificate" 000
read -r status took < <(curl -sS -o "$work/body" -w '%{http_code} %{time_total}\n' --cacert "$certs/ca.pem" \
    --cert "$certs/server.pem" --key "$certs/server.key" "$url/pool/size" 2>/dev/null)
verdict 'a certificate without a role' "$([ "$status" = 000 ] && echo 000 || echo 403)"

echo "$cases cases, $wrong wrong"
[ "$wrong" -eq 0 ]
