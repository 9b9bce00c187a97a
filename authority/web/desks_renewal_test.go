package web_test

import (
	"fmt"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// newest gives a resident's latest certificate of a kind.
func (tn *town) newest(resident string, kind jpki.Kind) register.Certificate {
	tn.t.Helper()
	all, err := tn.CertificatesOf(tn.t.Context(), resident)
	if err != nil {
		tn.t.Fatal(err)
	}
	var latest register.Certificate
	for _, c := range all {
		if c.Kind == kind {
			latest = c
		}
	}
	return latest
}

// TestARenewalSaysWhatIsNewAndWhatToDo: the page after a renewal has the new
// validity, the serial numbers that ended and those that began, and what the
// officer tells the holder; the resident's page says the same.
func TestARenewalSaysWhatIsNewAndWhatToDo(t *testing.T) {
	tn := open(t)
	tn.clock.Set(time.Date(2026, 4, 1, 10, 0, 0, 0, jpki.JST))
	old := tn.Settle(authoritytest.Hanako())
	end := old.Certificates[sign].NotAfter
	if want := time.Date(2031, 2, 17, 23, 59, 59, 0, jpki.JST); !end.Equal(want) {
		t.Fatalf("valid until %v, want the fifth birthday", end)
	}
	tn.clock.Set(time.Date(2030, 11, 17, 23, 0, 0, 0, jpki.JST))
	c := tn.at("mado-1")
	c.visits("/office/counter/residents/hanako").says(200, `data-testid="act-off-renewal"`, "令和12年11月18日から受け付けます")
	tn.clock.Set(time.Date(2030, 11, 18, 9, 0, 0, 0, jpki.JST))
	c = tn.at("mado-1")
	c.prepares("hanako", register.Renewal, "why", "有効期間の満了前の更新")
	c.foresees("sign revoked superseded", "sign issued", "auth revoked superseded", "auth issued")
	c.confirms().foresees("sign revoked superseded", "sign issued", "auth revoked superseded", "auth issued")

	var serials []string
	for _, kind := range jpki.Kinds() {
		next := tn.newest("hanako", kind)
		if next.Serial == old.Certificates[kind].Serial {
			t.Fatalf("%v was not renewed", kind)
		}
		serials = append(serials, next.Serial.String())
		c.says(200, old.Certificates[kind].Serial.String(), fmt.Sprintf(`data-testid="cert-state-%v" data-state="good" data-serial="%s"`, kind, next.Serial))
	}
	c.says(200, "完了しました", "令和12年11月18日 〜 令和18年2月17日", "本人にお伝えすること", "いまから使えます", "暗証番号は", "届け出てください",
		"有効期間は令和18年2月17日まで", "令和17年11月18日から、この窓口で更新できます")
	c.visits(c.at+"?lang=en").says(200, "Tell the holder", "valid until 17 February 2036", "renewed at this counter from 18 November 2035", "register the new one").silent("お伝えする")

	c.visits("/office/counter/residents/hanako?lang=ja").says(200, serials[0], serials[1], "令和18年2月17日", "令和17年11月18日から受け付けます", "有効期間の満了前の更新", "新しい電子証明書への更新")
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

// TestARenewalAtTheEndOfTheCard tells that another card is needed.
func TestARenewalAtTheEndOfTheCard(t *testing.T) {
	tn := open(t)
	tn.clock.Set(time.Date(2026, 4, 1, 10, 0, 0, 0, jpki.JST))
	if _, err := tn.RegisterResident(t.Context(), authoritytest.Hanako(), desk.By{}); err != nil {
		t.Fatal(err)
	}
	tn.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs(), CardExpires: time.Date(2026, 5, 31, 0, 0, 0, 0, jpki.JST)})
	c := tn.at("mado-1")
	c.prepares("hanako", register.Renewal, "why", "更新").confirms()
	c.says(200, "カードの有効期限の令和8年5月31日まで", "新しいカードの交付を受けてください").silent("から、この窓口で更新できます")
}

// TestAReissueTellsOfTheNewCertificateAlone: what was not issued is not shown as
// new.
func TestAReissueTellsOfTheNewCertificateAlone(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.Reissue, "kinds", "user-authentication", "why", "本人の申請").confirms()
	c.says(200, `data-testid="issued"`, `data-testid="cert-state-user-authentication"`, "いまから使えます").silent(`data-testid="cert-state-digital-signature"`, "署名用電子証明書を届け出ている")
	c.prepares("hanako", register.MoveHouse, "address", "桜町９番", "why", "転居届").confirms().silent(`data-testid="issued"`, "お伝えすること")
}
