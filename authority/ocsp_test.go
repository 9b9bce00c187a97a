package authority_test

import (
	"bytes"
	"context"
	"crypto"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
	"example.jp/jpkimock/authority/register"
)

// ask gives the answer about one certificate, read and verified by
// golang.org/x/crypto/ocsp.
func ask(t *testing.T, w *authoritytest.World, q question) *xocsp.Response {
	t.Helper()
	answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, q.der(t, w))
	if err != nil {
		t.Fatal(err)
	}
	r, err := xocsp.ParseResponse(answer.DER, w.CACertificate(q.kind))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func about(c register.Certificate) question {
	return question{kind: c.Kind, serials: []jpki.SerialNumber{c.Serial}}
}

func TestEveryAcknowledgedChangeIsInTheNextAnswer(t *testing.T) {
	ctx := context.Background()
	for _, nonce := range [][]byte{nil, []byte("0123456789abcdef0123456789abcdef")} {
		w := open(t)
		c := w.Settle(authoritytest.Hanako()).Certificates[sign]
		expect := func(act string, status int, reason jpki.Reason) {
			t.Helper()
			for range 2 { // the second answer may come from the cache
				q := about(c)
				q.nonce = nonce
				r := ask(t, w, q)
				if r.Status != status || status == xocsp.Revoked && (jpki.Reason(r.RevocationReason) != reason || !r.RevokedAt.Equal(w.Clock.Now())) {
					t.Errorf("%s: answered %d, %d, %v", act, r.Status, r.RevocationReason, r.RevokedAt)
				}
			}
		}
		do := func(_ register.Certificate, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		by := desk.By{Officer: "窓口", Why: "試験"}
		expect("issued", xocsp.Good, 0)
		do(w.Suspend(ctx, c.Kind, c.Serial, by))
		expect("suspended", xocsp.Revoked, jpki.CertificateHold)
		do(w.Resume(ctx, c.Kind, c.Serial, by))
		expect("resumed", xocsp.Good, 0)
		do(w.Suspend(ctx, c.Kind, c.Serial, by))
		w.Clock.Advance(time.Hour)
		do(w.Revoke(ctx, c.Kind, c.Serial, jpki.KeyCompromise, by))
		expect("revoked", xocsp.Revoked, jpki.KeyCompromise)
	}
}

func TestACertificateNobodyIssuedIsUnknown(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	for _, serial := range []jpki.SerialNumber{"01", "02", "0705D98F", "0705D991", "7FFFFFFFFFFFFFFF", "00FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"} {
		if r := ask(t, w, question{kind: sign, serials: []jpki.SerialNumber{serial}}); r.Status != xocsp.Unknown {
			t.Errorf("%s: answered %d, want unknown", serial, r.Status)
		}
	}
	if r := ask(t, w, question{kind: sign, ofIssuer: auth, serials: []jpki.SerialNumber{c.Serial}}); r.Status != xocsp.Unknown {
		t.Errorf("a certificate of the other CA: answered %d, want unknown", r.Status)
	}
}

// TestEveryHashOfACertID: an own certificate is good by whichever hash function it is
// named, and nothing is said of it by one that is not known.
func TestEveryHashOfACertID(t *testing.T) {
	w := open(t)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		if q.hash = hash; ask(t, w, q).Status != xocsp.Good {
			t.Errorf("by %v it is not good", hash)
		}
		other := q
		if other.ofIssuer = auth; ask(t, w, other).Status != xocsp.Unknown {
			t.Errorf("by %v a certificate of the other CA is not unknown", hash)
		}
	}
	q.hash = crypto.SHA224 // which the reader of the others does not know
	if answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, q.der(t, w)); err != nil || !bytes.Contains(answer.DER, []byte{0x02, 0x04, 0x07, 0x05, 0xD9, 0x90, 0x80, 0x00}) {
		t.Errorf("by SHA-224 it is not good: %x, %v", answer.DER, err)
	}
	for _, hash := range []crypto.Hash{crypto.SHA3_256, crypto.SHA512_256, crypto.MD5} {
		q.hash = hash
		answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, q.der(t, w))
		if err != nil || !bytes.Equal(answer.DER, ocsp.Failure(ocsp.Unauthorized)) {
			t.Errorf("by %v: %x, %v", hash, answer.DER, err)
		}
	}
	if s := statement(t, w, "2026-04"); s.Count != 9 {
		t.Errorf("%d answers were counted", s.Count)
	}
}

// TestHowLongAnAnswerIsKept: the setting bounds the age of an answer without a nonce,
// and what an HTTP cache may do with it.
func TestHowLongAnAnswerIsKept(t *testing.T) {
	for _, c := range []struct{ set, kept time.Duration }{{0, 450 * time.Second}, {2 * time.Minute, 2 * time.Minute}, {time.Second, time.Second}, {-1, 0}} {
		w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) { cfg.OCSPKept = c.set })
		q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
		began := w.Clock.Now()
		old := time.Duration(0)
		for range 500 {
			answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, q.der(t, w))
			if err != nil || answer.CacheUntil.Sub(answer.ThisUpdate) != 2*c.kept {
				t.Fatalf("%+v, %v", answer, err)
			}
			old = max(old, w.Clock.Now().Sub(answer.ThisUpdate))
			w.Clock.Advance(time.Second)
		}
		if want := max(c.kept-time.Second, 0); old != want {
			t.Errorf("%s from %s: an answer was %s old, want %s", c.set, began, old, want)
		}
	}
	for _, bad := range []time.Duration{451 * time.Second, 1500 * time.Millisecond} {
		cfg := open(t).Config
		cfg.OCSPKept = bad
		if _, err := authority.New(context.Background(), cfg); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestNonce(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	for _, length := range []int{1, 16, 32, 128} {
		q := about(c)
		q.nonce = bytes.Repeat([]byte{0xA5}, length)
		answer, err := w.AnswerOCSP(context.Background(), q.kind, authoritytest.Key, q.der(t, w))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(answer.DER, q.nonce) {
			t.Errorf("a nonce of %d octets is not echoed", length)
		}
		if answer.ETag != "" || !answer.CacheUntil.IsZero() {
			t.Errorf("an answer with a nonce of %d octets may be cached", length)
		}
	}
	for _, length := range []int{0, 129} {
		q := about(c)
		q.nonce = make([]byte, length)
		wantFailure(t, w, authoritytest.Key, q, 1)
	}
}

// wantFailure expects the five octets of an answer that is only a status.
func wantFailure(t *testing.T, w *authoritytest.World, key string, q question, status byte) {
	t.Helper()
	answer, err := w.AnswerOCSP(context.Background(), q.kind, key, q.der(t, w))
	if err != nil {
		t.Fatal(err)
	}
	if want := []byte{0x30, 3, 0x0A, 1, status}; !bytes.Equal(answer.DER, want) || answer.ETag != "" {
		t.Errorf("answered %x, want %x and no cache", answer.DER[:min(16, len(answer.DER))], want)
	}
}

func TestOnlyAccreditedVerifiersAreAnswered(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	if _, err := w.Ministry.Register(ctx, accreditation.Registration{ID: "login-only", Name: "利用者証明のみ", Key: "key-of-login-only-verifier", Kinds: []jpki.Kind{auth}}); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, w, "", about(c), 6)
	wantFailure(t, w, "nobody-has-this-key", about(c), 6)
	wantFailure(t, w, "key-of-login-only-verifier", about(c), 6)
	if _, err := w.Ministry.SetState(ctx, "test-bank", accreditation.VerifierSuspended, desk.By{Why: "監査"}); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, w, authoritytest.Key, about(c), 6)
	w.Reopen()
	wantFailure(t, w, authoritytest.Key, about(c), 6)
	if _, err := w.Ministry.SetState(ctx, "test-bank", accreditation.VerifierAccredited, desk.By{Why: "是正済み"}); err != nil {
		t.Fatal(err)
	}
	if r := ask(t, w, about(c)); r.Status != xocsp.Good {
		t.Errorf("reinstated: answered %d", r.Status)
	}
}

func TestSeveralCertificatesInOneRequest(t *testing.T) {
	w := open(t)
	first := w.Settle(authoritytest.Hanako()).Certificates[auth]
	second := w.Settle(authoritytest.Taro()).Certificates[auth]
	if _, err := w.Suspend(context.Background(), auth, second.Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	var counted int
	w.Config.Counted = func(id string, kind jpki.Kind, n int) {
		if id == "test-bank" && kind == auth {
			counted += n
		}
	}
	w.Reopen()
	q := question{kind: auth, hash: crypto.SHA256, serials: []jpki.SerialNumber{first.Serial, second.Serial, "7FFFFFFF"}}
	answer, err := w.AnswerOCSP(context.Background(), auth, authoritytest.Key, q.der(t, w))
	if err != nil {
		t.Fatal(err)
	}
	for serial, want := range map[jpki.SerialNumber]int{first.Serial: xocsp.Good, second.Serial: xocsp.Revoked, "7FFFFFFF": xocsp.Unknown} {
		r, err := xocsp.ParseResponseForCert(answer.DER, certWithSerial(serial), w.CACertificate(auth))
		if err != nil || r.Status != want {
			t.Errorf("%s: %+v, %v", serial, r, err)
		}
	}
	if counted != 3 {
		t.Errorf("%d answers were counted, want 3", counted)
	}
}

func TestAnAnswerIsKeptForHalfItsLife(t *testing.T) {
	w := open(t)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
	first := ask(t, w, q)
	w.Clock.Advance(7 * time.Minute)
	if again := ask(t, w, q); !again.ProducedAt.Equal(first.ProducedAt) {
		t.Error("an answer was signed again after 7 minutes")
	}
	w.Clock.Advance(time.Minute)
	if later := ask(t, w, q); !later.ProducedAt.Equal(w.Clock.Now()) || !later.NextUpdate.Equal(w.Clock.Now().Add(15*time.Minute)) {
		t.Errorf("after 8 minutes: produced %v, next %v", later.ProducedAt, later.NextUpdate)
	}
	w.Clock.Advance(-time.Hour)
	if back := ask(t, w, q); !back.ProducedAt.Equal(w.Clock.Now()) {
		t.Error("an answer of the future was given after the clock was moved back")
	}
}

func TestASignedRequestIsAnswered(t *testing.T) {
	w := open(t)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
	q.signature = true
	if r := ask(t, w, q); r.Status != xocsp.Good {
		t.Errorf("answered %d", r.Status)
	}
}

func TestAP256Responder(t *testing.T) {
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		c.Keys = authoritytest.Keys{Folder: "testdata", Responder: "responder-p256.pem"}
	})
	q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
	if r := ask(t, w, q); r.Status != xocsp.Good {
		t.Errorf("answered %d", r.Status)
	}
}

func TestAClosedAuthoritySaysTryLater(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	w.Close()
	w.Close()
	wantFailure(t, w, authoritytest.Key, about(c), 3)
}

func TestWhoGoesAwayIsNotAnswered(t *testing.T) {
	w := open(t)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[sign])
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.AnswerOCSP(ctx, q.kind, authoritytest.Key, q.der(t, w)); err == nil {
		t.Error("no error for a context that ended")
	}
}
