package ca

import "example.jp/jpkimock/authority/jpki"

// Japanese names of the CA as its certificates write them in subjectAltName,
// and the holders' in issuerAltName.
const agencyName = "地方公共団体情報システム機構"

// caAltUnit gives the Japanese organizational unit of the CA of a kind.
func caAltUnit(kind jpki.Kind) string {
	if kind == jpki.DigitalSignature {
		return "公的個人認証サービス署名用"
	}
	return "公的個人認証サービス利用者証明用"
}
