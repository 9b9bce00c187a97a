package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
)

// mountInterface lists what merchants ask, in the words of package merchant.
func (h *house) mountInterface(e *echo.Echo) {
	v := e.Group("/v1", door.ScriptsOnly())
	v.POST("/challenges", asked(h, func(ctx context.Context, m *gateway.Merchant, _ string, in merchant.Order) (merchant.Challenge, error) {
		nonce, err := h.Challenge(ctx, m, in)
		return merchant.Challenge{Nonce: nonce}, err
	}))
	v.POST("/payments", asked(h, h.Authorise))
	v.POST("/captures", asked(h, h.Capture))
	v.POST("/cancellations", asked(h, h.Cancel))
	v.POST("/refunds", asked(h, h.Refund))
	v.POST("/orders", asked(h, func(ctx context.Context, m *gateway.Merchant, _ string, in merchant.Order) (merchant.Payment, error) {
		p, err := h.Store.Order(ctx, m.ID, in.Order)
		return p.Payment, err
	}))
}

// asked answers a merchant that shows its key. The request's idempotency key is handed on.
func asked[In, Out any](h *house, do func(context.Context, *gateway.Merchant, string, In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		given, _ := door.Bearer(c.Request())
		for i, key := range h.keys {
			if !key.Matches(given) {
				continue
			}
			in, err := door.Read[In](c)
			if err != nil {
				return err
			}
			out, err := do(c.Request().Context(), h.Merchants[i], c.Request().Header.Get("Idempotency-Key"), in)
			if err != nil {
				return err
			}
			return c.JSON(http.StatusOK, out)
		}
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="gateway"`)
		return door.Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "this is the key of no merchant"}
	}
}
