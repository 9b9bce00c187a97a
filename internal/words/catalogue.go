// Package words has the public's words for what the law and the card name, in
// both languages, so that every house says them alike: the kinds of certificate,
// why one was revoked, and what its holder does about it. Days and times are
// said by ui.Day and ui.Minute.
package words

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// Kind names a kind of certificate; "certificate" if it is not known which.
func Kind(k jpki.Kind) ui.Text {
	switch k {
	case jpki.DigitalSignature:
		return ui.Text{JA: k.Japanese(), EN: "digital signature certificate"}
	case jpki.UserAuthentication:
		return ui.Text{JA: k.Japanese(), EN: "user authentication certificate"}
	}
	return ui.Text{JA: "電子証明書", EN: "certificate"}
}

// Gender names a gender as the certificate states it.
func Gender(g jpki.Gender) ui.Text {
	switch g {
	case jpki.Male:
		return ui.Text{JA: g.Japanese(), EN: "Male"}
	case jpki.Female:
		return ui.Text{JA: g.Japanese(), EN: "Female"}
	}
	return ui.Text{JA: g.Japanese(), EN: "Not applicable"}
}

// Reason says to a holder why a certificate was revoked (失効事由), as a part of a
// sentence: a noun in Japanese, a clause in English.
func Reason(r jpki.Reason) ui.Text {
	return ui.Text{JA: reasonJA(r), EN: reasonEN(r)}
}

func reasonJA(r jpki.Reason) string {
	switch r {
	case jpki.Unspecified:
		return "交付前の破棄"
	case jpki.KeyCompromise:
		return "秘密鍵の漏えい又はそのおそれ（紛失・盗難等）"
	case jpki.CACompromise:
		return "認証局の秘密鍵の漏えい又はそのおそれ"
	case jpki.AffiliationChanged:
		return "記載事項（氏名・住所等）の異動"
	case jpki.Superseded:
		return "新しい電子証明書への更新"
	case jpki.CessationOfOperation:
		return "利用の終了（返納等）"
	case jpki.CertificateHold:
		return "一時停止（一時保留）"
	}
	return "不明"
}

func reasonEN(r jpki.Reason) string {
	switch r {
	case jpki.Unspecified:
		return "it was discarded before it was handed over"
	case jpki.KeyCompromise:
		return "its private key may be in another's hands"
	case jpki.CACompromise:
		return "the certification authority's key was compromised"
	case jpki.AffiliationChanged:
		return "what it states (name, address, …) has changed"
	case jpki.Superseded:
		return "it was replaced by a newer certificate"
	case jpki.CessationOfOperation:
		return "it is no longer needed (the card was returned, for example)"
	case jpki.CertificateHold:
		return "it is suspended"
	}
	return "the reason is not known"
}

// Advice says what a holder does about a certificate that was revoked.
func Advice(r jpki.Reason, k jpki.Kind) ui.Text {
	switch r {
	case jpki.AffiliationChanged:
		return ui.Text{
			JA: "お引越しや改姓の届出をされると、それまでの署名用電子証明書は失効します。お住まいの市区町村の窓口にカードをお持ちになり、新しい署名用電子証明書の発行を受けてから、もう一度お手続きください。",
			EN: "After a move or a change of name the digital signature certificate is revoked. Take your card to your municipal counter, have a new certificate written to it, and come back.",
		}
	case jpki.Superseded:
		return ui.Text{
			JA: "電子証明書は更新されています。更新後のカードをお使いください。お手元のカードがそのカードであるときは、お住まいの市区町村の窓口でお確かめください。",
			EN: "Please use the card with the renewed certificate. If this is that card, ask at your municipal counter.",
		}
	case jpki.KeyCompromise:
		return ui.Text{
			JA: "カードの紛失・盗難などの届出によるものです。お心当たりのないときは、お住まいの市区町村の窓口にお問い合わせください。再交付を受けたカードで、もう一度お手続きください。",
			EN: "This follows a report of loss or theft. If you made none, ask at your municipal counter. Come back with the re-issued card.",
		}
	case jpki.CessationOfOperation:
		return ui.Text{
			JA: "改めてご利用になるときは、お住まいの市区町村の窓口で電子証明書の発行を申請してください。",
			EN: "To use it again, apply for a new certificate at your municipal counter.",
		}
	}
	return ui.Blanks{"{kind}": Kind(k)}.Fill(ui.Text{
		JA: "お住まいの市区町村の窓口にカードをお持ちになり、新しい{kind}の発行を受けてから、もう一度お手続きください。",
		EN: "Take your card to your municipal counter, have a new {kind} written to it, and come back.",
	})
}
