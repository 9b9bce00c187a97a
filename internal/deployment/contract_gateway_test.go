//go:build unix

package deployment

import (
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

func gatewayContract(t *testing.T, town *ecosystem.Ecosystem) {
	gateway, cards := contractOf(t, "gateway", town.URL("gateway")), cardsOf(t, town)
	hanako := gateway.as()
	asked := hanako.asks("GET /", nil)
	hanako.asks("POST /signin", object{"token": cards.answers("card-hanako", "1234", "gateway", asked["nonce"])})
	gateway.as().asks("POST /staff/signin", object{"key": town.Ready().Keys["gateway-staff"]})

	hospital := gateway.key(town.Ready().Keys["gateway-hospital"])
	gateway.as().refused("POST /v1/orders", object{"order": "contract-1"}, 401, "wrong_key")
	hospital.refused("POST /v1/orders", object{"order": "contract-1"}, 404, "no_order")
	hospital.asks("POST /v1/challenges", object{"order": "contract-1", "amount": 1200})
	hospital.refused("POST /v1/captures", object{"order": "contract-1"}, 400, "no_idempotency_key")
	hospital.with("Idempotency-Key", "contract-c").refused("POST /v1/captures", object{"order": "contract-1"}, 404, "no_order")
	hospital.with("Idempotency-Key", "contract-r").refused("POST /v1/refunds", object{"order": "contract-1", "refund": "r1", "amount": 100}, 404, "no_order")
	hospital.with("Idempotency-Key", "contract-x").asks("POST /v1/cancellations", object{"order": "contract-1"})
	hospital.asks("POST /v1/orders", object{"order": "contract-1"})
	// A payment needs somebody who has registered a credit card, at a page.
	gateway.complete("medical/gateway/web/examples.json", "POST /v1/payments", "POST /v1/captures", "POST /v1/refunds")
}
