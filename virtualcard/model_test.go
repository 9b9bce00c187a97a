package virtualcard_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// reference is what the model knows of one PIN or printed number. The model is written from
// the protocol's description and shares nothing with the chip.
type reference struct {
	aid      []byte
	sfi      byte
	value    string
	most     int
	change   apdu.Command // the instruction that changes it, without data; none if INS is 0
	another  string       // a value it may be changed to
	opens    byte         // the short identifier of a file or key that it opens
	record   bool         // that is read by record
	left     int
	verified bool
}

// model is the state of the PINs of a card.
type model struct {
	references []*reference
	selected   []byte
}

func newModel() *model {
	r := hanakoRecord()
	crd, key := apdu.Command{INS: 0x24, P1: 0x01}, apdu.Command{CLA: 0x80, INS: 0x32}
	return &model{references: []*reference{
		{aid: jpkiap.AID(), sfi: 0x18, value: "1234", most: 3, change: crd, another: "9876", opens: 0x17},
		{aid: jpkiap.AID(), sfi: 0x1B, value: "ABC123", most: 5, change: crd, another: "XYZ789XYZ789XYZ7", opens: 0x01},
		{aid: record.TextAID(), sfi: 0x11, value: "1234", most: 3, change: crd, another: "0000", opens: 0x02},
		{aid: record.TextAID(), sfi: 0x14, value: r.NumberA(), most: 10, opens: 0x01},
		{aid: record.FaceAID(), sfi: 0x11, value: r.BirthKey(), most: 10, opens: 0x01},
		{aid: record.FaceAID(), sfi: 0x12, value: r.NumberB(), most: 10, opens: 0x02},
		{aid: record.RegisterAID(), sfi: 0x1C, value: "1234", most: 3, change: key, another: "5555", opens: 0x02, record: true},
	}}
}

// try is VERIFY as the protocol describes it.
func (m *model) try(r *reference, data string) apdu.StatusWord {
	switch {
	case data == "":
		return apdu.StatusWord(0x63C0 | r.left)
	case r.left == 0:
		r.verified = false
		return apdu.ReferenceBlocked
	case data == r.value:
		r.left, r.verified = r.most, true
		return apdu.OK
	}
	r.left, r.verified = r.left-1, false
	return apdu.StatusWord(0x63C0 | r.left)
}

// pick takes one of the references of the application that is selected.
func (m *model) pick(dice *rand.Rand) *reference {
	var here []*reference
	for _, r := range m.references {
		if slices.Equal(r.aid, m.selected) {
			here = append(here, r)
		}
	}
	return here[dice.IntN(len(here))]
}

// open reports whether what a reference opens may be used: another one may open it, too.
func (m *model) open(r *reference) bool {
	text := func(sfi byte) bool {
		return slices.ContainsFunc(m.references, func(o *reference) bool {
			return slices.Equal(o.aid, record.TextAID()) && o.sfi == sfi && o.verified
		})
	}
	return r.verified || slices.Equal(r.aid, record.TextAID()) && r.opens == 0x01 && text(0x11)
}

// TestTheStateOfThePINs takes thousands of random steps with a card and with the model, and
// compares each answer: tries, verified PINs, changed PINs, resets, and the counter's unblocking.
func TestTheStateOfThePINs(t *testing.T) {
	for seed := range uint64(6) {
		dice := rand.New(rand.NewPCG(seed, 12))
		cabinet := hanako(t)
		m := newModel()
		for _, r := range m.references {
			r.left = r.most
		}
		connection, send := powered(t, cabinet)
		for step := range 600 {
			if m.selected == nil || dice.IntN(12) == 0 {
				m.selectOne(t, dice, send)
				continue
			}
			r := m.pick(dice)
			var got, want apdu.StatusWord
			switch choice := dice.IntN(20); {
			case choice < 9:
				data := []string{"", r.value, r.value, r.value, "0001", r.value + "1"}[dice.IntN(6)]
				if len(data) > 16 {
					data = "1"
				}
				got, want = send(apdu.Command{INS: 0x20, P2: 0x80 | r.sfi, Data: []byte(data)}).SW, m.try(r, data)
			case choice < 14:
				got, want = m.use(r, send), apdu.NotVerified
				if m.open(r) {
					want = apdu.OK
				}
			case choice < 17 && r.change.INS != 0:
				cmd := r.change
				cmd.P2, cmd.Data = 0x80|r.sfi, []byte(r.another)
				got, want = send(cmd).SW, apdu.NotVerified
				if r.verified {
					r.value, r.another, r.left, want = r.another, r.value, r.most, apdu.OK
				}
			case choice == 17:
				connection.Reset()
				m.selected = nil
				m.forget()
				continue
			case choice == 18 && dice.IntN(4) == 0:
				_ = connection.Close()
				m.atTheCounter(t, dice, cabinet)
				connection, send = powered(t, cabinet)
				continue
			default:
				continue
			}
			if got != want {
				t.Fatalf("seed %d, step %d, reference %02X of % X: the card says %v, the model %v", seed, step, r.sfi, r.aid, got, want)
			}
		}
	}
}

func (m *model) forget() {
	for _, r := range m.references {
		r.verified = false
	}
}

func (m *model) selectOne(t *testing.T, dice *rand.Rand, send func(apdu.Command) apdu.Response) {
	t.Helper()
	m.selected = m.references[dice.IntN(len(m.references))].aid
	m.forget()
	if r := send(apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: m.selected}); r.SW != apdu.OK {
		t.Fatalf("% X is not selected: %v", m.selected, r.SW)
	}
}

// use reads the file, or signs with the key, that a reference opens.
func (m *model) use(r *reference, send func(apdu.Command) apdu.Response) apdu.StatusWord {
	switch {
	case r.opens == 0x17:
		return send(apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x97, Data: []byte{1}, Ne: 256}).SW
	case r.record:
		return send(apdu.Command{INS: 0xB2, P1: 1, P2: r.opens<<3 | 4, Ne: 256}).SW
	}
	return send(apdu.Command{INS: 0xB0, P1: 0x80 | r.opens, Ne: 256}).SW
}

// atTheCounter sets one of the holder's PINs anew; the card has lost its power.
func (m *model) atTheCounter(t *testing.T, dice *rand.Rand, cabinet *virtualcard.Cabinet) {
	t.Helper()
	m.forget()
	m.selected = nil
	refs := []chip.Ref{chip.AuthenticationPIN, chip.SignaturePIN, chip.TextPIN}
	i := dice.IntN(len(refs))
	r := m.references[i]
	if err := cabinet.Unblock(t.Context(), "hanako", refs[i], r.another); err != nil {
		t.Fatal(err)
	}
	r.value, r.another, r.left = r.another, r.value, r.most
}
