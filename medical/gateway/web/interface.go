package web

import (
	"context"

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
		return door.AsksAs(h.merchants, "gateway", func(ctx context.Context, m *gateway.Merchant, in In) (Out, error) {
			return do(ctx, m, c.Request().Header.Get("Idempotency-Key"), in)
		})(c)
	}
}
