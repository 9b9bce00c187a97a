package tracing_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/tracing"
)

func spans(n int) (all []tracing.Span) {
	at := time.Unix(1_700_000_000, 5)
	for i := range n {
		id := strings.Repeat("ab", 7) + string("0123456789"[i%10]) + "0"
		all = append(all, tracing.Span{
			Trace: strings.Repeat("0a", 16), ID: id, Parent: strings.Repeat("cd", 8), House: "bank", Method: "POST", Path: "/signin", Start: at, End: at.Add(time.Second), Status: 200,
			Content: tracing.Content{Asked: "asked", Answered: "answered", Code: "revoked", Joins: []string{"a", "b"}},
			Events:  []tracing.Happened{{Name: "check", At: at, With: map[string]string{"check": "nonce"}}},
		})
	}
	return all
}

func TestSpansAreReadAsTheyWereWritten(t *testing.T) {
	want := append(spans(2), tracing.Span{Trace: strings.Repeat("0b", 16), ID: strings.Repeat("ef", 8), Call: true, Server: "localhost:1", Method: "GET", Path: "/", Start: time.Unix(1, 0), End: time.Unix(2, 0), Cut: true})
	octets, err := tracing.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tracing.Decode(octets)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	many, err := tracing.Encode(spans(1001))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{many, []byte("\xff"), {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00}} {
		if got, err := tracing.Decode(bad); err == nil {
			t.Errorf("%d spans are read of %d octets", len(got), len(bad))
		}
	}
}

func TestSpansAreSentInPiecesThatFit(t *testing.T) {
	var mu sync.Mutex
	var got []tracing.Span
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		octets, err := io.ReadAll(r.Body)
		sent, bad := tracing.Decode(octets)
		if err != nil || bad != nil || len(octets) > tracing.MostSent || r.URL.Path != tracing.TracesPath || r.Header.Get("Authorization") != "Bearer key" {
			t.Errorf("%v, %v: %d octets at %s", err, bad, len(octets), r.URL.Path)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, sent...)
	}))
	defer collector.Close()
	x := tracing.NewExporter(collector.URL, "key")
	for i, s := range spans(20) {
		s.Asked = strings.Repeat("x", 100<<10)
		if i == 0 {
			s.Asked = strings.Repeat("x", 1<<20)
		}
		x.Add(s)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if len(got) != 20 || got[0].Asked != "" || len(got[1].Asked) != 100<<10 {
		t.Errorf("%d spans arrived", len(got))
	}
	nowhere := tracing.NewExporter("http://127.0.0.1:1", "")
	nowhere.Add(got[0])
	if err := nowhere.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	octets, err := tracing.Encode(spans(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(octets)
	f.Fuzz(func(_ *testing.T, octets []byte) { _, _ = tracing.Decode(octets) })
}
