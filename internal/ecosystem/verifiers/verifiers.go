// Package verifiers keeps the register of verifiers in line with the configured keys.
package verifiers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/seed"
)

// Reconcile brings a register that was planted before in line with the world: each
// verifier has its configured key, and no earlier one, and one that is missing is
// entered. A register that is still empty is left to be planted.
func Reconcile(ctx context.Context, ministry *accreditation.Ministry, log *slog.Logger, all []seed.Verifier) error {
	if len(ministry.Verifiers()) == 0 {
		return nil
	}
	for _, v := range all {
		if err := reconcile(ctx, ministry, log, v); err != nil {
			return fmt.Errorf("ecosystem: give %s its configured key: %w", v.ID, err)
		}
	}
	return nil
}

func reconcile(ctx context.Context, ministry *accreditation.Ministry, log *slog.Logger, v seed.Verifier) error {
	_, err := ministry.SetKey(ctx, v.ID, v.Key, desk.By{Why: "設定による鍵の変更"})
	switch {
	case errors.Is(err, accreditation.ErrNoVerifier):
		_, err = ministry.Register(ctx, accreditation.Registration{ID: v.ID, Name: v.Name, Key: v.Key, Kinds: v.Kinds, By: desk.By{Why: v.Why}})
	case errors.Is(err, accreditation.ErrVerifierWithdrawn):
		log.Warn("an accreditation was withdrawn: its key stays as it was", "verifier", v.ID)
		return nil
	}
	return err
}
