package authority_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

const (
	sign = jpki.DigitalSignature
	auth = jpki.UserAuthentication
)

func open(t testing.TB) *authoritytest.World { return authoritytest.Open(t, "testdata", nil) }

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func status(t *testing.T, w *authoritytest.World, c register.Certificate) register.Status {
	t.Helper()
	got, err := w.Certificate(context.Background(), c.Kind, c.Serial)
	if err != nil {
		t.Fatal(err)
	}
	return got.Status
}
