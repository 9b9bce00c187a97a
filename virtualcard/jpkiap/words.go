package jpkiap

import (
	"bytes"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
)

// FID is the two-byte identifier of an elementary file (EF, 基礎ファイル).
type FID uint16

// The elementary files of the JPKI application.
const (
	SignatureCertificate        FID = 0x0001 // 署名用電子証明書; read after VERIFY of 001B
	SignatureCACertificate      FID = 0x0002 // its CA's; free
	TokenInfoFile               FID = 0x0006 // token info, 160 bytes; free
	CertificatePresence         FID = 0x0008 // three bytes: which certificates there are; free
	AuthenticationCertificate   FID = 0x000A // 利用者証明用電子証明書; free
	AuthenticationCACertificate FID = 0x000B // its CA's; free
	AuthenticationKey           FID = 0x0017 // 利用者証明用秘密鍵; used after VERIFY of 0018
	AuthenticationPIN           FID = 0x0018 // 利用者証明用暗証番号
	SignatureKey                FID = 0x001A // 署名用秘密鍵; used after VERIFY of 001B
	SignaturePIN                FID = 0x001B // 署名用パスワード
)

// AID returns the application identifier of the JPKI application
// (公的個人認証AP): D3 92 F0 00 26 01 00 00 00 01.
func AID() []byte {
	return []byte{0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01}
}

// Files are the elementary files that belong to one kind of certificate.
type Files struct {
	Certificate, CACertificate, Key, PIN FID
}

// FilesOf returns the files of a kind; for no kind, the zero Files.
func FilesOf(k jpki.Kind) Files {
	switch k {
	case jpki.DigitalSignature:
		return Files{SignatureCertificate, SignatureCACertificate, SignatureKey, SignaturePIN}
	case jpki.UserAuthentication:
		return Files{AuthenticationCertificate, AuthenticationCACertificate, AuthenticationKey, AuthenticationPIN}
	}
	return Files{}
}

// PINRule says what a PIN of a kind looks like and how often it may be tried.
type PINRule struct {
	Min, Max int    // length in ASCII characters
	Letters  bool   // capital letters beside digits
	Tries    int    // tries before it is blocked
	Japanese string // what a citizen calls it
}

// PINRuleOf returns the rule of a kind: exactly four digits and three tries for
// user authentication (利用者証明用暗証番号), 6 to 16 capital letters and digits
// and five tries for digital signature (署名用パスワード).
func PINRuleOf(k jpki.Kind) PINRule {
	switch k {
	case jpki.DigitalSignature:
		return PINRule{Min: 6, Max: 16, Letters: true, Tries: 5, Japanese: "署名用パスワード"}
	case jpki.UserAuthentication:
		return PINRule{Min: 4, Max: 4, Tries: 3, Japanese: "利用者証明用暗証番号"}
	}
	return PINRule{}
}

// PINFormatError says that text cannot be a PIN of its kind. It does not carry
// the text.
type PINFormatError struct {
	Kind jpki.Kind
	Rule PINRule
}

// Error names the rule.
func (e *PINFormatError) Error() string {
	what := "digits"
	if e.Rule.Letters {
		what = "capital letters and digits"
	}
	return fmt.Sprintf("jpkiap: PIN for %v is not %d to %d %s", e.Kind, e.Rule.Min, e.Rule.Max, what)
}

// CheckPIN reports, as a *PINFormatError, text that cannot be a PIN of kind k,
// so that no try is spent on it. Lower-case letters are refused: a card
// compares bytes.
func CheckPIN(k jpki.Kind, pin string) error {
	rule := PINRuleOf(k)
	ok := len(pin) >= rule.Min && len(pin) <= rule.Max && len(pin) > 0
	for _, c := range []byte(pin) {
		ok = ok && (c >= '0' && c <= '9' || rule.Letters && c >= 'A' && c <= 'Z')
	}
	if !ok {
		return &PINFormatError{Kind: k, Rule: rule}
	}
	return nil
}

// TokenInfo is the content of EF 0006: PKCS#11 CK_TOKEN_INFO with 32-bit
// big-endian numbers. Of its 160 bytes the four texts are kept.
type TokenInfo struct {
	Label        string // "JPKIAPICCTOKEN2" on an Individual Number Card
	Manufacturer string
	Model        string
	SerialNumber string
}

// tokenInfoTexts is how many bytes of EF 0006 the texts take.
const tokenInfoTexts = 32 + 32 + 16 + 16

// parseTokenInfo reads the texts at the start of EF 0006.
func parseTokenInfo(b []byte) (TokenInfo, error) {
	if len(b) < tokenInfoTexts {
		return TokenInfo{}, fmt.Errorf("jpkiap: token info has %d bytes, want at least %d", len(b), tokenInfoTexts)
	}
	text := func(from, to int) string { return string(bytes.TrimRight(b[from:to], " \x00")) }
	return TokenInfo{Label: text(0, 32), Manufacturer: text(32, 64), Model: text(64, 80), SerialNumber: text(80, 96)}, nil
}
