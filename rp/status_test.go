package rp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// confirming gives a verifier whose authority answers change confirmations with
// what answer makes of the lines it was sent.
func confirming(t testing.TB, answer func(lines []string) string) (*stage, *[]string) {
	t.Helper()
	s := newStage(t, jpki.DigitalSignature, nil)
	var asked []string
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		asked = append(asked, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Authorization"))
		return answered(r, 200, "application/x-ndjson", []byte(answer(strings.SplitAfter(string(body), "\n")))), nil
	})
	return s, &asked
}

// saying answers each question with the same end of a line.
func saying(end string) func([]string) string {
	return func(lines []string) string {
		var b strings.Builder
		for _, line := range lines {
			if line != "" {
				b.WriteString(strings.TrimSuffix(line, "}\n") + end)
			}
		}
		return b.String()
	}
}

func TestManyAreAskedAboutInOneExchange(t *testing.T) {
	s, asked := confirming(t, func(lines []string) string {
		for i, end := range []string{
			`"state":"unchanged"}`, `"state":"changed","reason":"affiliationChanged","at":"2026-04-01T12:00:00+09:00"}`,
			`"state":"changed","reason":"keyCompromise","at":"2026-04-01T03:00:00Z"}`,
			`"state":"suspended","reason":"certificateHold","at":"2026-04-01T03:00:00Z"}`, `"state":"expired"}`, `"state" : "unknown" } `,
		} {
			lines[i] = strings.TrimSuffix(lines[i], "}\n") + "," + end + "\n"
		}
		return strings.Join(lines, "")
	})
	s.cfg.Key = "a-key"
	got, err := s.CheckStatus(context.Background(), jpki.DigitalSignature, "01", "02", "03", "04", "0A0B", "6")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"01 unchanged unspecified 0001-01-01T00:00:00Z", "02 changed affiliationChanged 2026-04-01T03:00:00Z",
		"03 revoked keyCompromise 2026-04-01T03:00:00Z", "04 suspended certificateHold 2026-04-01T03:00:00Z",
		"0A0B expired unspecified 0001-01-01T00:00:00Z", "06 unknown unspecified 0001-01-01T00:00:00Z",
	} {
		g := got[i]
		if line := fmt.Sprint(g.Serial, " ", g.State, " ", g.Reason, " ", g.At.Format("2006-01-02T15:04:05Z")); line != want || g.Kind != jpki.DigitalSignature || !g.ProducedAt.Equal(s.Now()) {
			t.Errorf("%s at %s; want %s", line, g.ProducedAt, want)
		}
	}
	want := []string{"POST /verifier/v1/confirmations?purpose=current-status application/x-ndjson Bearer a-key"}
	if !slices.Equal(*asked, want) {
		t.Errorf("asked %q; want %q", *asked, want)
	}
	none, err := s.CheckStatus(context.Background(), jpki.DigitalSignature)
	if err != nil || len(none) != 0 || len(*asked) != 1 {
		t.Errorf("asked about nothing: %v, %v, %d requests", none, err, len(*asked))
	}
}

func TestPurposeIsStated(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	var stated []string
	inner := s.cfg.Client.Transport
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/validity") { // which is not counted
			return inner.RoundTrip(r)
		}
		stated = append(stated, r.Header.Get("JPKI-Purpose")+r.URL.Query().Get("purpose"))
		if strings.HasSuffix(r.URL.Path, "/confirmations") {
			body, _ := io.ReadAll(r.Body)
			return answered(r, 200, ndjson, []byte(saying(`,"state":"unknown"}`+"\n")(strings.SplitAfter(string(body), "\n")))), nil
		}
		return inner.RoundTrip(r)
	})
	document, cms := s.signed()
	for _, ctx := range []context.Context{
		context.Background(), WithPurpose(context.Background(), CurrentStatus), WithPurpose(context.Background(), SignatureVerification),
	} {
		if _, err := s.VerifySignature(ctx, document, cms); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CheckStatus(ctx, jpki.DigitalSignature, "0705D990"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CheckStatus(ctx, jpki.DigitalSignature, "0705D990", "0705D991"); err != nil {
			t.Fatal(err)
		}
	}
	const sv, cs = "signature-verification", "current-status"
	if want := []string{sv, cs, cs, cs, cs, cs, sv, sv, sv}; !slices.Equal(stated, want) {
		t.Errorf("stated %q; want %q", stated, want)
	}
}

func TestAnswersThatAreNotAllRightAreNone(t *testing.T) {
	unchanged := saying(`,"state":"unchanged"}` + "\n")
	for name, c := range map[string]struct {
		answer func([]string) string
		want   error
	}{
		"nothing":                {func([]string) string { return "" }, io.EOF},
		"one line fewer":         {func(l []string) string { return unchanged(l[:2]) }, io.EOF},
		"cut in a line":          {func(l []string) string { return strings.TrimSuffix(unchanged(l), "}\n") }, io.EOF},
		"cut before a line feed": {func(l []string) string { return strings.TrimSuffix(unchanged(l), "\n") }, io.EOF},
		"one line more":          {func(l []string) string { return unchanged(append(l, l[0])) }, ErrStatusMissing},
		"a line feed more":       {func(l []string) string { return unchanged(l) + "\n" }, ErrStatusMissing},
		"another order":          {func(l []string) string { return unchanged([]string{l[1], l[0], l[2]}) }, ErrStatusMissing},
		"another kind": {func(l []string) string {
			return strings.ReplaceAll(unchanged(l), "digital-signature", "user-authentication")
		}, ErrStatusMissing},
		"another serial number":  {func(l []string) string { return strings.Replace(unchanged(l), `"02"`, `"04"`, 1) }, ErrStatusMissing},
		"an endless line":        {func([]string) string { return strings.Repeat(" ", 1<<20) }, ErrTooLarge},
		"a long line":            {func(l []string) string { return strings.Repeat(" ", 256) + unchanged(l) }, ErrTooLarge},
		"an empty line":          {func(l []string) string { return "\n" + unchanged(l) }, ErrMalformed},
		"no state":               {saying("}\n"), ErrMalformed},
		"a state of another age": {saying(`,"state":"good"}` + "\n"), ErrMalformed},
		"a member twice":         {saying(`,"state":"unchanged","state":"changed"}` + "\n"), ErrMalformed},
		"a member unknown":       {saying(`,"state":"unchanged","note":""}` + "\n"), ErrMalformed},
		"a change of no reason":  {saying(`,"state":"changed","at":"2026-04-01T00:00:00Z"}` + "\n"), ErrMalformed},
		"a change at no time":    {saying(`,"state":"changed","reason":"superseded"}` + "\n"), ErrMalformed},
		"a change that is held":  {saying(`,"state":"changed","reason":"certificateHold","at":"2026-04-01T00:00:00Z"}` + "\n"), ErrMalformed},
		"a hold that is changed": {saying(`,"state":"suspended","reason":"superseded","at":"2026-04-01T00:00:00Z"}` + "\n"), ErrMalformed},
		"unchanged for a reason": {saying(`,"state":"unchanged","reason":"superseded"}` + "\n"), ErrMalformed},
		"a malformed question":   {func(l []string) string { return unchanged(l[:1]) + `{"line":2,"error":"malformed"}` + "\n" }, ErrStatusUnavailable},
		"an accreditation ended": {func(l []string) string { return unchanged(l[:1]) + `{"line":2,"error":"withdrawn"}` + "\n" }, ErrNotAccredited},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := confirming(t, c.answer)
			got, err := s.CheckStatus(context.Background(), jpki.DigitalSignature, "01", "02", "03")
			if got != nil || !errors.Is(err, c.want) || !errors.Is(err, ErrStatusUnavailable) && !errors.Is(err, ErrNotAccredited) {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
			if check, ok := errors.AsType[*CheckError](err); !ok || check.Check != StatusCheck {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestConfirmationsOfStrangersAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		kind   string
		want   error
	}{
		"no key":          {401, "application/problem+json", ErrNotAccredited},
		"not accredited":  {403, "application/problem+json", ErrNotAccredited},
		"busy":            {503, "application/problem+json", ErrStatusUnavailable},
		"sent elsewhere":  {302, ndjson, ErrStatusUnavailable},
		"a page in HTML":  {200, "text/html", ErrStatusUnavailable},
		"nothing at all":  {204, ndjson, ErrStatusUnavailable},
		"half an article": {206, ndjson, ErrStatusUnavailable},
	} {
		s := newStage(t, jpki.DigitalSignature, nil)
		s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			return answered(r, c.status, c.kind, nil), nil
		})
		if got, err := s.CheckStatus(context.Background(), jpki.DigitalSignature, "01", "02"); got != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// numbered gives n serial numbers.
func numbered(n int) []jpki.SerialNumber {
	serials := make([]jpki.SerialNumber, n)
	for i := range serials {
		serial, err := jpki.SerialNumberFrom(big.NewInt(0x0705D990 + int64(i)))
		if err != nil {
			panic(err)
		}
		serials[i] = serial
	}
	return serials
}

func TestBatchesAreGivenWhole(t *testing.T) {
	requests := 0
	s, _ := confirming(t, func(lines []string) string {
		if requests++; requests == 3 {
			lines = lines[:7]
		}
		return saying(`,"state":"unchanged"}` + "\n")(lines)
	})
	serials := numbered(2*confirmationBatch + 8)
	ctx := context.Background()
	if got, err := s.CheckStatus(ctx, jpki.DigitalSignature, serials...); got != nil || !errors.Is(err, ErrStatusUnavailable) {
		t.Errorf("of a stream that was cut short there were %d answers, %v", len(got), err)
	}
	given := 0
	requests = 0
	for status, err := range s.CheckStatusSeq(ctx, jpki.DigitalSignature, slices.Values(serials)) {
		if err != nil {
			if status != (Status{}) || !errors.Is(err, ErrStatusUnavailable) {
				t.Errorf("%v, %v", status, err)
			}
			break
		}
		if status.Serial != serials[given] || status.State != Unchanged {
			t.Fatalf("answer %d: %+v", given, status)
		}
		given++
	}
	if given != 2*confirmationBatch {
		t.Errorf("%d answers before the error", given)
	}
	requests = 0
	for range s.CheckStatusSeq(ctx, jpki.DigitalSignature, slices.Values(serials)) {
		break
	}
	if requests != 1 {
		t.Errorf("%d requests for the first answer", requests)
	}
	requests = 0
	for _, of := range [][]jpki.SerialNumber{nil, numbered(confirmationBatch)} {
		got, err := s.CheckStatus(ctx, jpki.DigitalSignature, of...)
		if err != nil || len(got) != len(of) || requests != len(of)/confirmationBatch {
			t.Errorf("of %d serial numbers %d were answered in %d requests, %v", len(of), len(got), requests, err)
		}
	}
	if _, err := s.CheckStatus(ctx, jpki.DigitalSignature, "01", "zero"); !errors.Is(err, jpki.ErrSerialNumber) {
		t.Error(err)
	}
	if _, err := s.CheckStatus(ctx, 0, "01", "02"); err == nil {
		t.Error("asked about no kind")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	s.cfg.Client.Transport = nil
	if _, err := s.CheckStatus(gone, jpki.DigitalSignature, "01", "02"); !errors.Is(err, context.Canceled) || !errors.Is(err, ErrStatusUnavailable) {
		t.Error(err)
	}
}

func TestCanonicalSerialNumbersAreThoseThatParsingLeaves(t *testing.T) {
	for _, s := range []string{"", "0", "00", "01", "1", "0a", "0A", "0A0", "000A", "G1", "-1", "0705D990", strings.Repeat("F", 40), strings.Repeat("F", 42)} {
		parsed, err := jpki.ParseSerialNumber(s)
		if want := err == nil && parsed.String() == s; canonical(jpki.SerialNumber(s)) != want {
			t.Errorf("%q: canonical %t; want %t", s, !want, want)
		}
	}
}

func FuzzAnswerLine(f *testing.F) {
	for _, line := range []string{
		`{"kind":"digital-signature","serial":"0705D990","state":"unchanged"}`,
		`{"kind":"digital-signature","serial":"0705D990","state":"changed","reason":"affiliationChanged","at":"2026-04-01T03:00:00Z"}`,
		` { "serial" : "0705D990" , "kind":"digital-signature","state":"suspended","reason":"certificateHold","at":"2026-04-01T03:00:00+09:00" } `,
		`{"line":3,"error":"malformed"}`, `{"line":03}`, `{}`, `{"kind":"\u0064"}`, `{"kind":"a","kind":"a"}`,
	} {
		f.Add([]byte(line + "\n"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		given := bytes.Clone(text)
		line, ok := wire.ParseAnswerLine(text)
		if !bytes.Equal(given, text) {
			t.Fatal("the line was changed")
		}
		if !ok {
			return
		}
		status, bad := answer{&line}.status(jpki.DigitalSignature, "0705D990")
		if bad != nil {
			if bad.rule == nil || bad.found == "" || len(bad.found) > 1000 || status != (Status{}) {
				t.Fatalf("%+v, %+v", bad, status)
			}
			return
		}
		// Whatever is accepted is JSON, and says the same to another reader.
		sameToOthers(t, text, status)
	})
}

func sameToOthers(t *testing.T, text []byte, got Status) {
	t.Helper()
	var other struct {
		Kind   jpki.Kind
		Serial jpki.SerialNumber
		State  State
		Reason jpki.Reason
		At     time.Time
	}
	if err := json.Unmarshal(text, &other); err != nil {
		t.Fatal(err)
	}
	if other.State == Changed {
		other.State = stateOf(other.Reason)
	}
	if other.Kind != got.Kind || other.Serial != got.Serial || other.State != got.State || other.Reason != got.Reason || !other.At.Equal(got.At) {
		t.Fatalf("%+v; to another reader %+v", got, other)
	}
}
