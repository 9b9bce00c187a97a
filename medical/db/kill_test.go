package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/prescription"
)

// killedWard names the folder of the process that is killed.
const killedWard = "JPKIMOCK_TEST_KILLED_WARD"

// counter opens a pharmacy's counter with its books in the ward's folder.
func (w *ward) counter() (*pharmacy.Counter, *db.Pharmacy) {
	w.Helper()
	books, err := db.OpenPharmacy(filepath.Join(w.dir, "mihon.db"))
	must(w.T, err)
	c, err := pharmacy.New(pharmacy.Config{
		Inquiry: &wire{w, mihon, func() (bool, bool) { return false, false }}, Books: books, Now: w.Clock.Now,
		There: func(context.Context, string) bool { return true },
	})
	must(w.T, err)
	return c, books
}

// TestChildWard dispenses at a pharmacy until somebody kills it.
func TestChildWard(t *testing.T) {
	dir := os.Getenv(killedWard)
	if dir == "" {
		t.Skip("plays the process that is killed")
	}
	w := newWardIn(t, dir)
	counter, _ := w.counter()
	touch := pharmacy.Touch{Opened: medical.Opened{Grant: w.opens("hanako", mihon)}}
	patient, err := w.store.Patient(t.Context(), w.Card("hanako").Serial(jpki.UserAuthentication))
	must(t, err)
	for {
		id := fmt.Sprint("prescription-", rand.Uint64())
		must(t, w.store.Add(t.Context(), patient, w.issued(id, pressure), func([]medical.Prescription) error { return nil }))
		fmt.Println("begins", id)
		must(t, counter.Accept(t.Context(), touch, id))
		must(t, counter.Dispense(t.Context(), touch, id, []int{0}))
		fmt.Println("dispensed", id)
	}
}

// The process of the pharmacy and the inquiry system is killed with SIGKILL at any instant,
// again and again over the same databases. What it has said was dispensed is; of what it was
// about to do there is one dispensing or none, and the books agree. JPKIMOCK_KILLS=200 kills
// more.
func TestDispensingsSurviveTheEndOfTheirProcess(t *testing.T) {
	dir, inDoubt := t.TempDir(), 0
	for range webtest.KillsOf(t, 10) {
		said := map[string]bool{} // the model: what was dispensed, as far as anybody heard
		for _, line := range webtest.Killed(t, "TestChildWard", killedWard, dir, 1+rand.IntN(3), 20*time.Millisecond) {
			var what, id string
			if n, _ := fmt.Sscan(line, &what, &id); n != 2 {
				t.Fatalf("it said %q", line)
			}
			said[id] = what == "dispensed"
		}
		w := newWardIn(t, dir)
		counter, books := w.counter()
		doubt, err := books.List(t.Context(), pharmacy.InDoubt, 200)
		must(t, err)
		inDoubt += len(doubt)
		must(t, counter.Settle(t.Context()))
		for id, dispensed := range said {
			w.agrees(books, id, dispensed)
		}
		must(t, errors.Join(books.Close(), w.store.Close()))
	}
	t.Logf("the kills left %d dispensings in doubt", inDoubt)
}

// agrees compares a prescription with the pharmacy's books, and with what was said of it.
func (w *ward) agrees(books *db.Pharmacy, id string, said bool) {
	w.Helper()
	all, err := w.store.Find(w.Context(), prescription.Of{Number: "RX-" + id})
	must(w.T, err)
	book, err := books.List(w.Context(), "", 1_000_000)
	must(w.T, err)
	done := 0
	for _, e := range book {
		switch {
		case e.Prescription != id || e.Key == id:
		case e.State == pharmacy.InDoubt:
			w.Errorf("%s: still in doubt", id)
		case e.State == pharmacy.Done:
			done++
			if all[0].Dispensings[0].Key != "mihon/"+e.Key {
				w.Errorf("%s: the books have another dispensing", id)
			}
		}
	}
	if given := len(all[0].Dispensings); given > 1 || done != given || said && given != 1 {
		w.Errorf("%s: %d dispensed, %d in the books, said to be dispensed %t", id, given, done, said)
	}
}
