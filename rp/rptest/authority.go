package rptest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// Revoke revokes the certificate of a kind on a person's present card (失効).
// Every answer says so at once.
func (w *World) Revoke(person string, kind jpki.Kind, reason jpki.Reason) {
	w.t.Helper()
	_, err := w.authority.Revoke(context.Background(), kind, w.Card(person).Serial(kind), reason, desk.By{Why: "rptest"})
	w.must(err)
}

// Suspend suspends the certificate of a kind on a person's present card
// (一時保留).
func (w *World) Suspend(person string, kind jpki.Kind) {
	w.t.Helper()
	_, err := w.authority.Suspend(context.Background(), kind, w.Card(person).Serial(kind), desk.By{Why: "rptest"})
	w.must(err)
}

// Resume ends a suspension.
func (w *World) Resume(person string, kind jpki.Kind) {
	w.t.Helper()
	_, err := w.authority.Resume(context.Background(), kind, w.Card(person).Serial(kind), desk.By{Why: "rptest"})
	w.must(err)
}

// Renew issues new certificates onto a person's card (更新): the old ones are
// revoked as superseded, and the card has new keys.
func (w *World) Renew(person string) {
	w.t.Helper()
	card := w.Card(person)
	card.issue(card.id)
}

// Move lets a person move to another address of the municipality (転居), and come
// to the counter with the card: the digital signature certificate is revoked as
// affiliationChanged, and the card has a new one, with the new address. The
// user authentication certificate says no address and stays.
func (w *World) Move(person, address string) {
	w.t.Helper()
	w.change(person, register.Notice{Event: register.MoveHouse, Address: address})
}

// Marry lets a person take another name (婚姻等による氏名の変更), and come to the counter
// with the card, as after a Move.
func (w *World) Marry(person, name string) {
	w.t.Helper()
	w.change(person, register.Notice{Event: register.NameChange, Name: name})
}

// Lose reports a person's card lost (紛失): its certificates are suspended until the card is
// found (Resume), or a new one is issued.
func (w *World) Lose(person string) {
	w.t.Helper()
	_, err := w.authority.Do(context.Background(), register.Notice{Event: register.Loss, ResidentID: person, By: desk.By{Why: "rptest"}})
	w.must(err)
}

// Die enters a person's death in the register (死亡): every certificate is revoked.
func (w *World) Die(person string) {
	w.t.Helper()
	_, err := w.authority.Do(context.Background(), register.Notice{Event: register.Death, ResidentID: person, By: desk.By{Why: "rptest"}})
	w.must(err)
}

func (w *World) change(person string, n register.Notice) {
	w.t.Helper()
	card := w.Card(person)
	n.ResidentID, n.By = person, desk.By{Why: "rptest"}
	_, err := w.authority.Do(context.Background(), n)
	w.must(err)
	if _, signs := card.certificates[jpki.DigitalSignature]; signs {
		card.issue(card.id, jpki.DigitalSignature)
	}
}

// SuspendAccreditation suspends the accreditation of the World's verifiers, and
// Reaccredit ends that.
func (w *World) SuspendAccreditation() { w.t.Helper(); w.accredit("suspended") }

// Reaccredit makes the World's verifiers accredited again.
func (w *World) Reaccredit() { w.t.Helper(); w.accredit("accredited") }

func (w *World) accredit(state accreditation.VerifierState) {
	w.t.Helper()
	_, err := w.authority.Ministry.SetState(context.Background(), VerifierID, state, desk.By{Why: "rptest"})
	w.must(err)
}

// TamperOCSP lets a test stand between verifier and responder: f is given each
// OCSP request and the responder's honest answer, both DER, and what it
// returns is sent in its place. Nil ends that. It shows what a relying party
// does with answers that are old, forged, or about somebody else.
func (w *World) TamperOCSP(f func(request, honest []byte) []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tamper = f
}

// Silence lets the authority answer nothing that is asked about status, by OCSP, CRL, change
// confirmation or linkage: the connection is closed. False ends that.
func (w *World) Silence(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = silent
}

// maxRequest bounds the OCSP requests that are kept for TamperOCSP.
const maxRequest = 64 << 10

// tampering wraps the authority's handler.
func (w *World) tampering(honest http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		tamper, silent := w.tamper, w.silent
		w.mu.Unlock()
		if silent && isStatus(r.URL.Path) {
			panic(http.ErrAbortHandler) // net/http closes the connection
		}
		if tamper == nil || r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/ocsp/") {
			honest.ServeHTTP(rw, r)
			return
		}
		request, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxRequest))
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(request))
		answer := httptest.NewRecorder()
		honest.ServeHTTP(answer, r)
		rw.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(tamper(request, answer.Body.Bytes()))
	})
}

// isStatus reports whether a path is one at which verifiers ask.
func isStatus(path string) bool {
	return strings.HasPrefix(path, "/ocsp/") || strings.HasPrefix(path, "/crl/") || strings.HasPrefix(path, "/verifier/")
}
