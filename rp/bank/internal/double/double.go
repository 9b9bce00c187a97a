// Package double stands in for the kit in the bank's own tests, where a test
// is about the bank and not about cards: it believes whom it is told to
// believe, and refuses what it is told to refuse. Nothing but tests imports
// it; what the real kit says is tested with rp/rptest.
//
// It stays beside rptest for three things that a real card and a real authority
// cannot be told: to refuse with each error of the kit in turn, also those that no
// honest authority causes; to say how often and about whom the authority was asked,
// by which the tests hold that unchanged customers cost nothing; and to have hundreds
// of people whose keys nobody makes.
package double

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"iter"
	"math/big"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Person is somebody with a card.
type Person struct {
	Four           jpki.BasicFour
	Serial, Paired jpki.SerialNumber
}

// Somebody makes a person born on a day, whose serial numbers follow from
// number, 1 to 99.
func Somebody(name, address string, number, bornIn int) Person {
	serial := func(base int64) jpki.SerialNumber {
		s, err := jpki.SerialNumberFrom(big.NewInt(base + int64(number)))
		if err != nil {
			panic(err)
		}
		return s
	}
	return Person{
		Four:   jpki.NewBasicFour(name, jpki.DateOfBirthOn(bornIn, time.February, 17), jpki.Female, address),
		Serial: serial(0x0705D900), Paired: serial(0x0A21C300),
	}
}

// Kit is a bank.Verifier.
type Kit struct {
	now         func() time.Time
	challenges  rp.ChallengeStore
	certificate *x509.Certificate

	mu     sync.Mutex
	refuse error
	people map[string]Person
	// found is what CheckStatus says of a serial number beside Unchanged, next
	// is what Successor says, and asked is how often CheckStatus was called.
	found map[jpki.SerialNumber]rp.Status
	next  map[jpki.SerialNumber]jpki.SerialNumber
	asked [][]jpki.SerialNumber
	// links is how often Successor was asked.
	links int
}

// New returns a kit that refuses nobody.
func New(now func() time.Time) (*Kit, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(0x0705D990), NotBefore: now(), NotAfter: now().AddDate(5, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Kit{now: now, challenges: rp.NewMemoryChallenges(0, now), certificate: certificate, people: map[string]Person{},
		found: map[jpki.SerialNumber]rp.Status{}, next: map[jpki.SerialNumber]jpki.SerialNumber{}}, err
}

// Refuse makes every verification fail with err, until it is nil again.
func (k *Kit) Refuse(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = err
}

// answer is what a card of this double gives: whose it is, and over what.
type answer struct {
	Serial string `json:"serial"`
	Over   []byte `json:"over"`
}

func (k *Kit) answer(p Person, over []byte) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.people[p.Serial.String()] = p
	sum := sha256.Sum256(over)
	out, err := json.Marshal(answer{p.Serial.String(), sum[:]})
	if err != nil {
		panic(err)
	}
	return out
}

// Sign gives a signature of a person over a document.
func (k *Kit) Sign(p Person, document string) []byte { return k.answer(p, []byte(document)) }

// Authenticate gives a person's answer to a nonce.
func (k *Kit) Authenticate(p Person, nonce string) []byte { return k.answer(p, []byte(nonce)) }

func (k *Kit) read(kind jpki.Kind, raw, over []byte, altered error) (Person, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return Person{}, &rp.CheckError{Check: rp.FormCheck, Kind: kind, Expected: fact("an answer of a card"), Found: fact("something else"), Err: rp.ErrMalformed}
	}
	if k.refuse != nil {
		return Person{}, &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Expected: fact("what the test expects"), Found: fact("what the test finds"), Err: k.refuse}
	}
	if sum := sha256.Sum256(over); string(a.Over) != string(sum[:]) {
		return Person{}, &rp.CheckError{Check: rp.DigestCheck, Kind: kind, Expected: fact("ours"), Found: fact("another"), Err: altered}
	}
	p, ok := k.people[a.Serial]
	if !ok {
		return Person{}, errors.New("double: nobody has this serial number")
	}
	return p, nil
}

// NewChallenge makes a nonce that is good once.
func (k *Kit) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	c := rp.Challenge{Nonce: rand.Text(), Origin: "http://localhost:8083", Expires: k.now().Add(rp.DefaultChallengeLifetime)}
	return c, k.challenges.Put(ctx, c)
}

// VerifySignature believes what Sign gave.
func (k *Kit) VerifySignature(_ context.Context, document, cms []byte) (*rp.Signature, error) {
	p, err := k.read(jpki.DigitalSignature, cms, document, rp.ErrDigest)
	if err != nil {
		return nil, err
	}
	return &rp.Signature{
		Certificate: k.certificate, BasicFour: p.Four, Serial: p.Serial, Paired: p.Paired,
		SignedAt: k.now(), VerifiedAt: k.now(), Record: k.record(rp.VerbVerifySignature, jpki.DigitalSignature, p.Serial),
	}, nil
}

// VerifyAuthentication believes what Authenticate gave.
func (k *Kit) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error) {
	c, err := k.challenges.Take(ctx, nonce)
	if err != nil {
		return nil, &rp.CheckError{Check: rp.ChallengeCheck, Kind: jpki.UserAuthentication, Expected: fact("one of ours"), Found: fact("none"), Err: rp.ErrChallenge}
	}
	if k.now().After(c.Expires) {
		return nil, &rp.CheckError{Check: rp.ChallengeCheck, Kind: jpki.UserAuthentication, Expected: fact("in time"), Found: fact("late"), Err: rp.ErrChallengeExpired}
	}
	p, err := k.read(jpki.UserAuthentication, token, []byte(nonce), rp.ErrOrigin)
	if err != nil {
		return nil, err
	}
	return &rp.Authentication{
		Certificate: k.certificate, Serial: p.Paired,
		VerifiedAt: k.now(), Record: k.record(rp.VerbVerifyAuthentication, jpki.UserAuthentication, p.Paired),
	}, nil
}

// Pair knows the cards that answered before; with Successor and Predecessors it
// makes the kit an rp.Links.
func (k *Kit) Pair(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.people {
		switch {
		case kind == jpki.UserAuthentication && p.Paired == serial:
			return p.Serial, nil
		case kind == jpki.DigitalSignature && p.Serial == serial:
			return p.Paired, nil
		}
	}
	return "", nil
}

// Successor goes on along what Follows said, to the last; "" if there is none.
func (k *Kit) Successor(_ context.Context, _ jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.links++
	last := k.next[serial]
	for range k.next {
		if later, ok := k.next[last]; ok {
			last = later
		}
	}
	return last, k.refuse
}

// Links gives how often Successor was asked.
func (k *Kit) Links() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.links
}

// Predecessors goes back along what Follows said.
func (k *Kit) Predecessors(_ context.Context, _ jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var earlier []jpki.SerialNumber
	for there := true; there && len(earlier) < len(k.next); {
		there = false
		for before, after := range k.next {
			if after == serial {
				earlier, serial, there = append(earlier, before), before, true
				break
			}
		}
	}
	return earlier, k.refuse
}

// Follows makes one serial number the successor of another.
func (k *Kit) Follows(after, before jpki.SerialNumber) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.next[before] = after
}

// Find makes CheckStatus find a certificate in a state, since now.
func (k *Kit) Find(serial jpki.SerialNumber, state rp.State, reason jpki.Reason) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.found[serial] = rp.Status{State: state, Reason: reason, At: k.now()}
}

// Asked gives the serial numbers of each call of CheckStatus so far.
func (k *Kit) Asked() [][]jpki.SerialNumber {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.asked
}

// CheckStatusSeq is CheckStatus for all of the serial numbers together.
func (k *Kit) CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error] {
	return func(yield func(rp.Status, error) bool) {
		all := slices.Collect(serials)
		if len(all) == 0 {
			return
		}
		statuses, err := k.CheckStatus(ctx, kind, all...)
		for _, s := range statuses {
			if !yield(s, nil) {
				return
			}
		}
		if err != nil {
			yield(rp.Status{}, err)
		}
	}
}

// CheckStatus finds every certificate unchanged that Find said nothing of.
func (k *Kit) CheckStatus(_ context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, serials)
	if k.refuse != nil {
		return nil, &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Expected: fact("what the test expects"), Found: fact("what the test finds"), Err: k.refuse}
	}
	statuses := make([]rp.Status, len(serials))
	for i, s := range serials {
		statuses[i] = rp.Status{State: rp.Unchanged}
		if f, ok := k.found[s]; ok {
			statuses[i] = f
		}
		statuses[i].Kind, statuses[i].Serial, statuses[i].ProducedAt = kind, s, k.now()
	}
	return statuses, nil
}

func (k *Kit) record(verb rp.Verb, kind jpki.Kind, serial jpki.SerialNumber) rp.Record {
	return rp.Record{
		Verb: verb, At: k.now(), Kind: kind, Serial: serial, OCSPResponse: []byte("the authority's answer"),
		Checks: []rp.CheckedEntry{{Check: rp.DigestCheck, Expected: fact("a digest"), Found: fact("the same")}, {Check: rp.StatusCheck, Expected: fact("not revoked"), Found: fact("good")}},
	}
}

func fact(text string) rp.Fact { return rp.Fact{Code: rp.FactText, Args: []string{text}} }
