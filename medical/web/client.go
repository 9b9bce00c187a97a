package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/medical"
)

// party is another party of the medical field.
type party struct{ *peer.Peer }

// call asks. What the other party did not confirm is a *medical.Refused; every other error
// is its silence, whatever it consists in.
func (p party) call(ctx context.Context, path string, in, out any) error {
	err := p.Post(ctx, path, in, out)
	if said, ok := errors.AsType[*peer.Refused](err); ok && said.Status == http.StatusUnprocessableEntity && said.Code != "" {
		refused := &medical.Refused{}
		if json.Unmarshal(said.Body, refused) == nil {
			return refused
		}
	}
	return err
}

// PlatformClient is the platform as a reception reaches it.
type PlatformClient struct{ party }

// NewPlatformClient reaches the platform at the medical house's URL.
func NewPlatformClient(url, key string) PlatformClient {
	return PlatformClient{party{peer.New(url, key)}}
}

// The bodies of the platform's interface.
type (
	challengeBody struct {
		Nonce  string `json:"nonce"`
		Origin string `json:"origin,omitempty"`
	}
	tokenBody struct {
		Nonce string          `json:"nonce"`
		Token json.RawMessage `json:"token"`
	}
	linkBody struct {
		Inquiry string `json:"inquiry"`
		medical.Member
	}
)

// Challenge asks for a challenge.
func (p PlatformClient) Challenge(ctx context.Context) (string, error) {
	var out challengeBody
	err := p.call(ctx, platformPath+"/v1/challenges", struct{}{}, &out)
	return out.Nonce, err
}

// Confirm asks for the eligibility of who answered a challenge.
func (p PlatformClient) Confirm(ctx context.Context, nonce string, token []byte) (a medical.Answer, err error) {
	if !json.Valid(token) {
		token = []byte("null") // what is no JSON is no card's answer either
	}
	return a, p.call(ctx, platformPath+"/v1/confirmations", tokenBody{nonce, token}, &a)
}

// Link asks to link the card of an inquiry.
func (p PlatformClient) Link(ctx context.Context, inquiry string, m medical.Member) (a medical.Answer, err error) {
	return a, p.call(ctx, platformPath+"/v1/links", linkBody{inquiry, m}, &a)
}

// ConfirmByNumber asks by numbers.
func (p PlatformClient) ConfirmByNumber(ctx context.Context, m medical.Member) (a medical.Answer, err error) {
	return a, p.call(ctx, platformPath+"/v1/numbers", m, &a)
}

// InsurerClient is an insurer as the platform reaches it.
type InsurerClient struct{ party }

// NewInsurerClient reaches an insurer, by its ID, at the medical house's URL.
func NewInsurerClient(url, id, key string) InsurerClient {
	return InsurerClient{party{peer.New(url+"/insurers/"+id, key)}}
}

// Confirm asks for the eligibility of a card's holder.
func (i InsurerClient) Confirm(ctx context.Context, q medical.Question) (out medical.Reply, err error) {
	return out, i.call(ctx, "/relay/confirmations", q, &out)
}

// ConfirmByNumber asks by numbers.
func (i InsurerClient) ConfirmByNumber(ctx context.Context, q medical.ByNumber) (out medical.NumberReply, err error) {
	return out, i.call(ctx, "/relay/numbers", q, &out)
}

// holdsBody asks about a certificate, and answers.
type holdsBody struct {
	Serial jpki.SerialNumber `json:"serial,omitempty"`
	Holds  bool              `json:"holds,omitempty"`
}

// Holds asks whether an eligibility holds that is linked with a certificate.
func (i InsurerClient) Holds(ctx context.Context, serial jpki.SerialNumber) (bool, error) {
	var out holdsBody
	err := i.call(ctx, "/relay/holds", holdsBody{Serial: serial}, &out)
	return out.Holds, err
}

// HolderClient is the platform as the inquiry system reaches it.
type HolderClient struct{ party }

// NewHolderClient reaches the platform at the medical house's URL.
func NewHolderClient(url, key string) HolderClient { return HolderClient{party{peer.New(url, key)}} }

// holderBody asks whose an inquiry was, and answers with the certificate.
type holderBody struct {
	Institution string            `json:"institution,omitempty"`
	Inquiry     string            `json:"inquiry,omitempty"`
	Serial      jpki.SerialNumber `json:"serial,omitempty"`
}

// Holder asks for the certificate of an inquiry.
func (p HolderClient) Holder(ctx context.Context, institution, inquiry string) (jpki.SerialNumber, error) {
	var out holderBody
	err := p.call(ctx, platformPath+"/relay/holders", holderBody{Institution: institution, Inquiry: inquiry}, &out)
	return out.Serial, err
}

// RxClient is the prescription inquiry system as an institution or a pharmacy reaches it.
type RxClient struct{ party }

// NewRxClient reaches the inquiry system at the medical house's URL.
func NewRxClient(url, key string) RxClient {
	return RxClient{party{peer.New(url+rxPath+"/relay", key)}}
}

// Check asks for the findings of an order.
func (r RxClient) Check(ctx context.Context, in medical.Draft) (out medical.Checked, err error) {
	return out, r.call(ctx, "/checks", in, &out)
}

// Issue sends a signed order.
func (r RxClient) Issue(ctx context.Context, in medical.Draft) (out medical.Checked, err error) {
	return out, r.call(ctx, "/prescriptions", in, &out)
}

// OfVisit asks for what was prescribed at a visit.
func (r RxClient) OfVisit(ctx context.Context, inquiry string) (out []medical.Prescription, err error) {
	return out, r.call(ctx, "/visits", medical.Visited{Inquiry: inquiry}, &out)
}

// Cancel takes a prescription back.
func (r RxClient) Cancel(ctx context.Context, id string) (out medical.Prescription, err error) {
	return out, r.call(ctx, "/cancellations", medical.Act{ID: id}, &out)
}

// Challenge asks for a challenge.
func (r RxClient) Challenge(ctx context.Context) (out medical.Presented, err error) {
	return out, r.call(ctx, "/challenges", struct{}{}, &out)
}

// Open presents a card's answer.
func (r RxClient) Open(ctx context.Context, in medical.Presented) (out medical.Opened, err error) {
	return out, r.call(ctx, "/grants", in, &out)
}

// Copied presents the numbers of a patient's copy.
func (r RxClient) Copied(ctx context.Context, in medical.Copy) (out medical.Opened, err error) {
	return out, r.call(ctx, "/copies", in, &out)
}

// List asks for the prescriptions of a grant.
func (r RxClient) List(ctx context.Context, in medical.Act) (out []medical.Prescription, err error) {
	return out, r.call(ctx, "/lists", in, &out)
}

// Close ends a grant.
func (r RxClient) Close(ctx context.Context, in medical.Act) error {
	return r.call(ctx, "/ends", in, &struct{}{})
}

// Act asks for an act with a prescription.
func (r RxClient) Act(ctx context.Context, in medical.Act) (out medical.Prescription, err error) {
	return out, r.call(ctx, "/acts", in, &out)
}

// Settle asks what came of a dispensing.
func (r RxClient) Settle(ctx context.Context, in medical.Act) (out medical.Settled, err error) {
	return out, r.call(ctx, "/settlements", in, &out)
}
