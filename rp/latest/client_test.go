package latest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.jp/jpkimock/rp"
)

func TestTheClientTakesNoAnswerForAnother(t *testing.T) {
	status, answer, asked := 0, "", ""
	authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if wants := q.Method == http.MethodPost; (q.Header.Get("Content-Type") == "application/json") != wants || q.Header.Get("Accept") != "application/json" {
			t.Errorf("sent with %v", q.Header)
		}
		asked = q.Method + " " + q.URL.EscapedPath() + " " + q.Header.Get("Authorization") + " " + strings.TrimSpace(string(body))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer authority.Close()
	c, err := New(rp.LinkageConfig{AuthorityURL: authority.URL + "/", Key: "a-key"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() error { _, err := c.Ask(t.Context(), "customers", "0705D990"); return err }
	state := func() error { _, err := c.State(t.Context(), "LK-1/2"); return err }
	give := func() error { _, err := c.Consent(t.Context(), []byte("<x/>"), []byte{1, 2}); return err }
	const (
		asks   = `POST /verifier/v1/latest/deliveries Bearer a-key {"service":"customers","serial":"0705D990"}`
		states = `GET /verifier/v1/latest/consents/LK-1%2F2 Bearer a-key `
		gives  = `POST /verifier/v1/latest/consents Bearer a-key {"document":"PHgvPg==","cms":"AQI="}`
		good   = `{"service":"customers","oldSerial":"0705D990","newSerial":"0705D991"}`
	)
	for name, x := range map[string]struct {
		call   func() error
		asked  string
		status int
		body   string
		want   error
	}{
		"a delivery":            {ask, asks, 200, good, nil},
		"of another":            {ask, asks, 200, strings.Replace(good, "D990", "D992", 1), rp.ErrStatusUnavailable},
		"of another service":    {ask, asks, 200, strings.Replace(good, "customers", "guests", 1), rp.ErrStatusUnavailable},
		"without a new one":     {ask, asks, 200, strings.Replace(good, `"0705D991"`, `""`, 1), rp.ErrStatusUnavailable},
		"the same again":        {ask, asks, 200, strings.Replace(good, "D991", "D990", 1), rp.ErrStatusUnavailable},
		"no consent":            {ask, asks, 403, `{"code":"no_consent"}`, ErrNoConsent},
		"not yet":               {ask, asks, 403, `{"code":"consent_not_yet_valid"}`, ErrNotYet},
		"withdrawn":             {ask, asks, 403, `{"code":"consent_withdrawn"}`, ErrWithdrawn},
		"expired":               {ask, asks, 403, `{"code":"consent_expired"}`, ErrExpired},
		"nothing new":           {ask, asks, 404, `{"code":"nothing_new"}`, ErrNothingNew},
		"unknown":               {ask, asks, 404, `{"code":"unknown_certificate"}`, ErrUnknown},
		"not accredited":        {ask, asks, 403, `{"code":"not_accredited"}`, rp.ErrNotAccredited},
		"not understood":        {ask, asks, 400, `{"code":"nothing_new"}`, ErrNothingNew},
		"no code":               {ask, asks, 400, `{}`, rp.ErrStatusUnavailable},
		"moved":                 {state, states, 301, `{"consent":"LK-1/2"}`, rp.ErrStatusUnavailable},
		"a page of another":     {ask, asks, 404, `<html>`, rp.ErrStatusUnavailable},
		"out of order":          {ask, asks, 500, `{"code":"internal"}`, rp.ErrStatusUnavailable},
		"sent elsewhere":        {ask, asks, 302, ``, rp.ErrStatusUnavailable},
		"no JSON":               {ask, asks, 200, `yes`, rp.ErrStatusUnavailable},
		"without end":           {ask, asks, 200, strings.Repeat(" ", maxAnswer+1), rp.ErrStatusUnavailable},
		"a state":               {state, states, 200, `{"consent":"LK-1/2"}`, nil},
		"another's state":       {state, states, 200, `{"consent":"LK-3"}`, rp.ErrStatusUnavailable},
		"a consent":             {give, gives, 201, `{"consent":"LK-1","until":"2033-05-18T14:59:59Z"}`, nil},
		"no consent in it":      {give, gives, 201, `{}`, rp.ErrStatusUnavailable},
		"a revoked certificate": {give, gives, 403, `{"code":"revoked","detail":"x"}`, rp.ErrRevoked},
	} {
		status, answer = x.status, x.body
		err := x.call()
		if !errors.Is(err, x.want) || (err == nil) != (x.want == nil) || asked != x.asked {
			t.Errorf("%s: %v after %s; want %v after %s", name, err, asked, x.want, x.asked)
		}
		no, refused := errors.AsType[*RefusedError](err)
		if want := strings.HasPrefix(x.body, `{"code":`) && x.status < 500; refused != want || refused && no.Code == "" {
			t.Errorf("%s: refused %t", name, refused)
		}
	}
	status, answer = 403, `{"code":"another_verifier","detail":"names another"}`
	if no, ok := errors.AsType[*RefusedError](give()); !ok || no.Err != nil || !strings.Contains(no.Error(), "another_verifier: names another") {
		t.Errorf("a code without a name: %v", no)
	}
	authority.Close()
	if err := ask(); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("nobody answers: %v", err)
	}
	if _, err := New(rp.LinkageConfig{AuthorityURL: "authority"}); err == nil {
		t.Error("an address that is none")
	}
}

func TestADeliveryIsWrittenAsItIsRead(t *testing.T) {
	var d Delivery
	const text = `{"consent":"LK-1","service":"customers","oldSerial":"01","newSerial":"02","at":"2026-12-03T00:00:00Z","fee":20,"again":false,"data":{"gender":"2"}}`
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(d); err != nil || string(got) != text {
		t.Errorf("%s, %v", got, err)
	}
}
