package rp

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

var update = flag.Bool("update", false, "write testdata/vectors anew")

// vector is one file of testdata/vectors; README.md there describes it.
type vector struct {
	name   string
	about  string
	header [][2]string
	blocks []*pem.Block
}

func (v *vector) get(key string) string {
	for _, h := range v.header {
		if h[0] == key {
			return h[1]
		}
	}
	return ""
}

// block gives the octets of a block, nil if the vector has none of that type.
func (v *vector) block(kind string) []byte {
	for _, b := range v.blocks {
		if b.Type == kind {
			return b.Bytes
		}
	}
	return nil
}

func (v *vector) text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", v.about)
	for _, h := range v.header {
		fmt.Fprintf(&b, "%s: %s\n", h[0], h[1])
	}
	for _, block := range v.blocks {
		b.WriteString("\n")
		_ = pem.Encode(&b, block)
	}
	return b.Bytes()
}

func readVector(t *testing.T, path string) *vector {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v := &vector{name: strings.TrimSuffix(filepath.Base(path), ".txt")}
	head, body, _ := strings.Cut(string(text), "\n\n")
	for line := range strings.Lines(head) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("%s: line %q is no header", path, line)
		}
		v.header = append(v.header, [2]string{key, value})
	}
	v.blocks = blocksOf([]byte(body))
	return v
}

func blocksOf(text []byte) (blocks []*pem.Block) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return blocks
		}
		blocks = append(blocks, block)
	}
}

// namedErrors are the words that a vector's outcome may be.
func namedErrors() map[string]error {
	return map[string]error{
		"ErrMalformed": ErrMalformed, "ErrTooLarge": ErrTooLarge, "ErrAlgorithm": ErrAlgorithm, "ErrChallengeExpired": ErrChallengeExpired,
		"ErrOrigin": ErrOrigin, "ErrKind": ErrKind, "ErrChain": ErrChain, "ErrNotYetValid": ErrNotYetValid, "ErrExpired": ErrExpired,
		"ErrCriticalExtension": ErrCriticalExtension, "ErrBasicConstraints": ErrBasicConstraints, "ErrKeyUsage": ErrKeyUsage, "ErrPolicy": ErrPolicy,
		"ErrDigest": ErrDigest, "ErrSignature": ErrSignature, "ErrSignerIdentifier": ErrSignerIdentifier, "ErrRevoked": ErrRevoked,
		"ErrSuspended": ErrSuspended, "ErrStatusUnknown": ErrStatusUnknown, "ErrStatusUnavailable": ErrStatusUnavailable,
		"ErrNotAccredited": ErrNotAccredited, "ErrStatusResponder": ErrStatusResponder, "ErrStatusMissing": ErrStatusMissing,
		"ErrStatusStale": ErrStatusStale, "ErrStatusNonce": ErrStatusNonce,
	}
}

// responses answers every request with one OCSP response, or 404 with none.
// The certificates that vectors are about are valid for long.
type responses []byte

func (b responses) RoundTrip(req *http.Request) (*http.Response, error) {
	if answer := valid(req, storyNow.AddDate(100, 0, 0)); answer != nil {
		return answer, nil
	}
	if b == nil {
		return &http.Response{StatusCode: 404, Status: "404 Not Found", Body: http.NoBody, Request: req}, nil
	}
	return &http.Response{StatusCode: 200, Status: "200 OK", Body: io.NopCloser(bytes.NewReader(b)),
		Header: http.Header{"Content-Type": {"application/ocsp-response"}}, Request: req}, nil
}

// verifierFor sets the stage that a vector asks for.
func verifierFor(t *testing.T, v *vector) *Verifier {
	t.Helper()
	text, err := os.ReadFile("testdata/anchors.pem")
	if err != nil {
		t.Fatal(err)
	}
	anchors, err := ParseAnchors(text)
	if err != nil {
		t.Fatal(err)
	}
	now := mustTime(t, v.get("now"))
	clock := func() time.Time { return now }
	verifier, err := NewVerifier(Config{
		Anchors: anchors, Origin: v.get("origin"), AuthorityURL: "http://authority.example.jp", Now: clock,
		Client: &http.Client{Transport: responses(v.block("OCSP RESPONSE"))}, Challenges: NewMemoryChallenges(1, clock),
	})
	if err != nil {
		t.Fatal(err)
	}
	nonce, err := hex.DecodeString(v.get("ocsp-nonce"))
	if err != nil {
		t.Fatal(err)
	}
	verifier.random = bytes.NewReader(nonce)
	return verifier
}

func mustTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// perform runs a vector's verb and returns what it says, as an outcome word's
// error or the state and serial number.
func perform(t *testing.T, v *vector) (found string, err error) {
	return performWith(t, v, verifierFor(t, v))
}

func performWith(t *testing.T, v *vector, verifier *Verifier) (found string, err error) {
	ctx := context.Background()
	switch Verb(v.get("verb")) {
	case VerbVerifySignature:
		s, err := verifier.VerifySignature(ctx, v.block("DOCUMENT"), v.block("CMS"))
		if err != nil {
			return "", err
		}
		return s.Serial.String(), nil
	case VerbVerifyAuthentication:
		c := Challenge{Nonce: v.get("nonce"), Origin: v.get("origin"), Expires: mustTime(t, v.get("challenge-expires"))}
		if err := verifier.cfg.Challenges.Put(ctx, c); err != nil {
			return "", err
		}
		a, err := verifier.VerifyAuthentication(ctx, v.block("TOKEN"), c.Nonce)
		if err != nil {
			return "", err
		}
		return a.Serial.String(), nil
	case VerbCheckStatus:
		kind, err := jpki.ParseKind(v.get("kind"))
		if err != nil {
			t.Fatal(err)
		}
		verifier.anchors = verifier.generations(kind)[:1]
		all, err := verifier.CheckStatus(ctx, kind, jpki.SerialNumber(v.get("serial")))
		if err != nil {
			return "", err
		}
		return string(all[0].State), nil
	}
	t.Fatalf("verb %q", v.get("verb"))
	return "", nil
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	paths, err := filepath.Glob("testdata/vectors/*.txt")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d vectors, %v", len(paths), err)
	}
	for _, path := range paths {
		v := readVector(t, path)
		t.Run(v.name, func(t *testing.T) {
			found, err := perform(t, v)
			if v.get("outcome") == "accepted" {
				want := v.get("serial")
				if state := v.get("state"); state != "" {
					want = state
				}
				if err != nil || found != want {
					t.Fatalf("got %q, %v; want %q", found, err, want)
				}
				return
			}
			want, known := namedErrors()[v.get("outcome")]
			if !known {
				t.Fatalf("outcome %q", v.get("outcome"))
			}
			if !errors.Is(err, want) {
				t.Fatalf("got %q, %v; want %s", found, err, v.get("outcome"))
			}
			c, ok := errors.AsType[*CheckError](err)
			if !ok || string(c.Check) != v.get("check") || c.Expected.String() == "" || c.Found.String() == "" {
				t.Fatalf("got %#v; want check %s with expected and found", err, v.get("check"))
			}
			revokedAsSaid(t, v, err)
		})
	}
}

// revokedAsSaid compares reason and time of a revocation with the header's.
func revokedAsSaid(t *testing.T, v *vector, err error) {
	t.Helper()
	if v.get("reason") == "" {
		return
	}
	r, ok := errors.AsType[*RevokedError](err)
	if !ok || r.Reason.String() != v.get("reason") || r.At.Format(time.RFC3339) != v.get("revoked-at") {
		t.Fatalf("got %v; want %s at %s", err, v.get("reason"), v.get("revoked-at"))
	}
}

// TestVectorsAreAsMade notices a vector that was edited by hand, and a change
// of the maker that was not written out.
func TestVectorsAreAsMade(t *testing.T) {
	made := vectors()
	names := map[string]bool{}
	for _, v := range made {
		if names[v.name] {
			t.Errorf("two vectors are named %s", v.name)
		}
		names[v.name] = true
		kept, err := os.ReadFile(vectorPath(v.name))
		if err != nil || !bytes.Equal(kept, v.text()) {
			t.Errorf("%s is not as made (%v): go test ./rp -run TestVectors -update", v.name, err)
		}
	}
	paths, _ := filepath.Glob("testdata/vectors/*.txt")
	if len(paths) != len(made) {
		t.Errorf("%d files, %d vectors made", len(paths), len(made))
	}
}

func vectorPath(name string) string { return filepath.Join("testdata", "vectors", name+".txt") }

func writeVectors(t *testing.T) {
	t.Helper()
	old, _ := filepath.Glob("testdata/vectors/*.txt")
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range vectors() {
		if err := os.WriteFile(vectorPath(v.name), v.text(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var anchors bytes.Buffer
	anchors.WriteString("TEST ANCHORS. Their keys are published in testdata/keys: they must never be trusted.\n")
	for _, der := range theCast().anchors {
		_ = pem.Encode(&anchors, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	if err := os.WriteFile("testdata/anchors.pem", anchors.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
