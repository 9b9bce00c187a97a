package register

import (
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
)

// LifeEvent is an act of the municipal counter: something that happened to a
// resident or to the resident's card, and that decides which certificates are
// still true (異動等).
type LifeEvent string

// The life events. What each does is in the table of rules.go.
const (
	CardIssue  LifeEvent = "card-issue"  // カードの交付
	MoveHouse  LifeEvent = "move-house"  // 転居: another address in the same municipality
	MoveIn     LifeEvent = "move-in"     // 転入: an address in this municipality
	MoveOut    LifeEvent = "move-out"    // 転出: notice of leaving for another municipality
	TakeOn     LifeEvent = "take-on"     // 継続利用: the card goes on in use after a move in
	NameChange LifeEvent = "name-change" // 婚姻等: the former surname (旧氏) stays in the register
	Correction LifeEvent = "correction"  // 訂正: an entry was wrong
	Death      LifeEvent = "death"       // 死亡
	MoveAbroad LifeEvent = "move-abroad" // 国外転出
	Removal    LifeEvent = "removal"     // 職権消除: struck off the register
	Loss       LifeEvent = "loss"        // 紛失: both certificates are suspended
	Found      LifeEvent = "found"       // 発見: the authentication certificate resumes
	LossFinal  LifeEvent = "loss-final"  // 紛失による失効: the certificates are revoked
	CardReturn LifeEvent = "card-return" // 返納
	PINReset   LifeEvent = "pin-reset"   // 暗証番号の初期化・ロック解除, with the card
	Renewal    LifeEvent = "renewal"     // 更新: from three months before expiry, onto the same card
	Reissue    LifeEvent = "reissue"     // 再発行: onto the same card, after a change
)

// LifeEvents lists all, in the order of the counter.
func LifeEvents() []LifeEvent {
	return []LifeEvent{
		CardIssue, MoveHouse, MoveIn, MoveOut, TakeOn, NameChange, Correction, Death, MoveAbroad, Removal,
		Loss, Found, LossFinal, CardReturn, PINReset, Renewal, Reissue,
	}
}

// lifeEventList names all for somebody who named another.
func lifeEventList() string {
	names := make([]string, 0, len(lifeEventNames))
	for _, e := range LifeEvents() {
		names = append(names, string(e))
	}
	return strings.Join(names, ", ")
}

// Valid reports whether e is one of the counter's acts.
func (e LifeEvent) Valid() bool { _, ok := lifeEventNames[e]; return ok }

// Japanese gives the counter's word for the act.
func (e LifeEvent) Japanese() string { return lifeEventNames[e] }

// Notice is a notification at the counter (届出). Only what the event changes
// is filled in; empty members leave the register as it is.
type Notice struct {
	ResidentID string    `json:"-"`
	Event      LifeEvent `json:"event"`
	// CardID is the card the act is about. Loss, Found, LossFinal and CardReturn
	// may leave it empty where only one card can be meant; else they are refused
	// with an *InvalidError of "card". For PINReset, Renewal and Reissue empty
	// means the latest in use. For CardIssue it is the new card's, empty for a
	// fresh one.
	CardID string `json:"card,omitempty"`

	// Name, Kana and Romaji are the new name; RegisterName is the name as the
	// register writes it where the certificate needs substitute characters.
	// FormerSurname is kept in the register (旧氏).
	Name          string `json:"name,omitempty"`
	RegisterName  string `json:"registerName,omitempty"`
	Kana          string `json:"kana,omitempty"`
	Romaji        string `json:"romaji,omitempty"`
	FormerSurname string `json:"formerSurname,omitempty"`
	// Address is the new address, RegisterAddress as for the name.
	Address         string             `json:"address,omitempty"`
	RegisterAddress string             `json:"registerAddress,omitempty"`
	Municipality    *desk.Municipality `json:"municipality,omitempty"`
	// DateOfBirth and Gender are for Correction.
	DateOfBirth *jpki.DateOfBirth `json:"dateOfBirth,omitempty"`
	Gender      jpki.Gender       `json:"gender,omitempty"`

	// Day is for MoveOut and MoveAbroad the planned day of leaving, for MoveIn the
	// day of the move, YYYY-MM-DD by Japanese civil time; empty for today.
	Day string `json:"day,omitempty"`
	// KeepCard is for MoveAbroad: card and authentication certificate are kept
	// (国外継続利用).
	KeepCard bool `json:"keepCard,omitempty"`
	// Person is for MoveIn: a counter takes in somebody of another municipality
	// only if it names the person, and learns nothing before.
	Person *Person `json:"person,omitempty"`

	// PINs are for CardIssue, PINReset, Renewal and Reissue; they are kept
	// nowhere but on the card. Kinds narrow CardIssue and Reissue.
	PINs  map[jpki.Kind]string `json:"pins,omitempty"`
	Kinds []jpki.Kind          `json:"kinds,omitempty"`
	// CardExpires is for CardIssue, as in Application.
	CardExpires time.Time `json:"-"`

	desk.By

	pinsLater bool // a preview: PINs may still be missing
	everyCard bool // a Loss that is about all cards in use
}

// Effect is what an act does to one certificate that exists.
type Effect struct {
	Certificate Certificate // as it stands before the act
	Act         string      // "revoked", "suspended" or "resumed"
	Reason      jpki.Reason // of Act; meaningless for "resumed"
}

// Preview is what an act would do, shown before it is done.
type Preview struct {
	Event LifeEvent
	// Before and After are the entry in the register; equal if it stays.
	Before, After Resident
	// Card is the card the act is about, with its state after the act; nil if
	// there is none. Kills is set if its chip is to be switched off.
	Card  *Card
	Kills bool
	// Cards are all cards whose state or deadline changes, as they are after the act.
	Cards []Card
	// Effects are the certificates that change, Issues the kinds that would be
	// issued, Resets the kinds whose PIN is reset.
	Effects []Effect
	Issues  []jpki.Kind
	Resets  []jpki.Kind
}

// Version names what the preview promises: by it an act notices that it would now
// do something else. Times of the act are not in it.
func (p Preview) Version() shown.Version {
	p.After.StandingSince = time.Time{}
	lines := []string{fmt.Sprint(p.Event, p.Issues, p.Resets, p.Kills), fmt.Sprintf("%+v", p.Before), fmt.Sprintf("%+v", p.After)}
	for _, e := range p.Effects {
		lines = append(lines, fmt.Sprint(e.Act, e.Reason, e.Certificate.Kind, e.Certificate.Serial, e.Certificate.Status.State))
	}
	if p.Card != nil {
		lines = append(lines, fmt.Sprint(p.Card.ID, p.Card.State))
	}
	for _, c := range p.Cards {
		lines = append(lines, fmt.Sprint(c.ID, c.State))
	}
	return shown.Of(lines...)
}

// FormerEntry is an entry of the register that no longer holds (除票・履歴), and
// what ended it.
type FormerEntry struct {
	ID      int64     // given by the store, ascending
	Until   time.Time // when it ceased to hold
	Cause   LifeEvent
	Officer string
	Why     string
	Resident
}
