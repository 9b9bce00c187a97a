package agency

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// statusRoutes are the paths of the status services.
func statusRoutes() []string { return []string{"/ocsp/", "/crl/", "/verifier/"} }

// Faults stop or spoil the status services alone: the counters keep working.
func Faults() []fault.Fault {
	all := fault.Usual(&fault.Words{
		Title: ui.Text{JA: "失効情報が届かないとき", EN: "When no status arrives"},
		What: ui.Text{
			JA: "機構の失効情報（OCSP、CRL、変更確認）だけを止められます。銀行も認証基盤も、確かめられないカードは受け付けません。窓口の業務は続けられます。",
			EN: "The authority's status services alone (OCSP, CRL, change confirmation) can be stopped. No one accepts a card that cannot be checked. Counters keep working.",
		},
		Begin: ui.Text{JA: "失効情報の応答を止める", EN: "Stop the status services"},
		End:   ui.Text{JA: "応答を再開する", EN: "Let it answer again"},
	}, statusRoutes()...)
	for _, w := range wrongs() {
		all = append(all, fault.Fault{Name: w.name, Effect: fault.Within(), ByPerson: !w.list, Shown: &w.words})
	}
	return all
}

// wrongAnswer is a fault of the responder that only it can make, since it signs it.
type wrongAnswer struct {
	name  string
	list  bool // of the CRL, not of OCSP
	as    ca.Wrong
	words fault.Words
}

func wrongs() []wrongAnswer {
	says := func(ja, en, whatJA, whatEN string) fault.Words {
		return fault.Words{Title: ui.Text{JA: ja, EN: en}, What: ui.Text{JA: whatJA, EN: whatEN}}
	}
	return []wrongAnswer{
		{"ocsp-unknown", false, ca.Unknown, says("OCSPが「不明」と答える", "OCSP says “unknown”",
			"発行した証明書にも「不明」と答えます。", "It says so of certificates that it has issued, too.")},
		{"ocsp-nonce", false, ca.OtherNonce, says("OCSPの回答のナンスが違う", "OCSP answers with another nonce",
			"古い回答の使い回しと区別できない回答です。", "Nobody can tell such an answer from an old one.")},
		{"ocsp-stale", false, ca.Stale, says("OCSPの回答が古い", "OCSP answers are old",
			"次回更新の時刻を1日過ぎた回答です。", "The time of the next update was a day ago.")},
		{"responder-expired", false, ca.ExpiredResponder, says("OCSP応答者の証明書の期限切れ", "The OCSP responder’s certificate has expired",
			"1日前に期限の切れた証明書の鍵で署名された回答です。", "The key that signs belongs to a certificate that expired a day ago.")},
		{"ocsp-signer", false, ca.OtherSigner, says("OCSPの回答の署名者が認証局と無関係", "A stranger signs OCSP answers",
			"認証局が発行していない、応答者を名乗る証明書の鍵で署名された回答です。", "The key that signs belongs to a certificate that only pretends to be the CA’s.")},
		{"crl-stale", true, ca.Stale, says("失効リスト（CRL）が古い", "The CRL is old",
			"次回更新の時刻を1日過ぎたリストです。", "The time of the next update was a day ago.")},
	}
}

// Wrong makes the responder's faults as they are switched. callers gives the names of a
// verifier, by its identifier.
func Wrong(s *fault.Switch, callers func(verifierID string) []string) func(authority.Inquiry) ca.Wrong {
	return func(q authority.Inquiry) ca.Wrong {
		if !s.On() { // nothing is allocated for the answers of every day
			return ca.Right
		}
		about := fault.Case{People: q.Holders, Callers: func() []string { return callers(q.VerifierID) }}
		for _, w := range wrongs() {
			if w.list == q.List && s.Strikes(w.name, about) {
				return w.as
			}
		}
		return ca.Right
	}
}

// KeyOf returns the key that a verifier shows for status: in the header, or in the path.
func KeyOf(r *http.Request) string {
	if key, ok := door.Bearer(r); ok {
		return key
	}
	_, rest, _ := strings.Cut(r.URL.Path, "/key/")
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// Parties are the verifiers that ask the authority, and the people whom it knows: the world's,
// and every resident. callers gives the names of a verifier, by its identifier.
func Parties(ctx context.Context, a *authority.Authority, world seed.World, callers func(verifierID string) []string) fault.Parties {
	ctx = context.WithoutCancel(ctx)
	p := fault.Parties{
		Callers: func() (names []string) {
			for _, v := range a.Ministry.Verifiers() {
				names = append(names, callers(v.ID)...)
			}
			slices.Sort(names)
			return slices.Compact(names)
		},
		Of: func(r *http.Request) []string {
			v, err := a.Ministry.Acknowledged(KeyOf(r))
			if err != nil {
				return nil // who is refused whatever fails
			}
			return callers(v.ID)
		},
		Resident: func(person string) bool {
			_, err := a.Resident(ctx, person)
			return err == nil
		},
	}
	for _, somebody := range world.Personas {
		p.People = append(p.People, somebody.ID)
	}
	return p
}
