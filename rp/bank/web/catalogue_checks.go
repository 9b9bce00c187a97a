package web

import (
	"regexp"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// checkNames says what each check of the kit made sure of.
var checkNames = map[rp.Check]ui.Text{
	rp.FormCheck:              {JA: "電子署名と電子証明書の形式", EN: "Form of signature and certificate"},
	rp.ChallengeCheck:         {JA: "当行が発行した照合用の値", EN: "Challenge made by the bank"},
	rp.KindCheck:              {JA: "電子証明書の種別", EN: "Kind of certificate"},
	rp.ChainCheck:             {JA: "認証局による発行", EN: "Issued by the certification authority"},
	rp.ValidityCheck:          {JA: "有効期間", EN: "Validity period"},
	rp.CriticalExtensionCheck: {JA: "解釈できない条件がないこと", EN: "No unknown critical condition"},
	rp.BasicConstraintsCheck:  {JA: "個人の電子証明書であること", EN: "A person's certificate, not a CA's"},
	rp.KeyUsageCheck:          {JA: "鍵の用途", EN: "Key usage"},
	rp.PolicyCheck:            {JA: "証明書ポリシー", EN: "Certificate policy"},
	rp.DigestCheck:            {JA: "文書が改ざんされていないこと", EN: "Document not altered"},
	rp.SignatureCheck:         {JA: "電子署名が本人の鍵によること", EN: "Signed with the holder's key"},
	rp.OriginCheck:            {JA: "当行のページへの回答であること", EN: "Answered to the bank's own page"},
	rp.SignerIdentifierCheck:  {JA: "署名者と電子証明書の一致", EN: "Signature names this certificate"},
	rp.HolderCheck:            {JA: "基本4情報の読取り", EN: "Four basic data read"},
	rp.StatusCheck:            {JA: "失効していないこと", EN: "Not revoked"},
	rp.PairedCheck:            {JA: "対応する利用者証明用電子証明書の発行の番号", EN: "Serial number of the paired certificate"},
}

// findingWords puts what a check wanted, or what it found, into a bank's words.
// ${1} and so on are parts of what the record says; times in it are said by
// Japanese civil time.
type findingWords struct {
	is  *regexp.Regexp
	say ui.Text
}

func words(pattern, ja, en string) findingWords {
	return findingWords{regexp.MustCompile("^" + pattern + "$"), ui.Text{JA: ja, EN: en}}
}

// wanted are the words for what the checks of a signature want.
var wanted = []findingWords{
	words("certificate of version 3 with a positive serial number", "版3の電子証明書で、発行の番号が正の整数であること", "version 3 and a positive serial number"),
	words(`RSA key of (\d+) to (\d+) bits, exponent \d+`, "RSA暗号の公開鍵で、${1}ビットから${2}ビットまで", "an RSA key of ${1} to ${2} bits"),
	words("digital-signature", "署名用電子証明書", "a digital signature certificate"),
	words(`SHA-256 with RSA by CA key ([0-9a-f]{8})[0-9a-f]*`, "署名用の認証局（鍵の識別子 ${1}…）の署名", "a signature by the certification authority (key ${1}…)"),
	words(`certificate valid (\S+) to (\S+)`, "電子証明書の有効期間：${1}から${2}まで", "the certificate is valid from ${1} to ${2}"),
	words(`CA certificate valid (\S+) to (\S+)`, "認証局の証明書の有効期間：${1}から${2}まで", "the authority's certificate is valid from ${1} to ${2}"),
	words("only critical extensions that are understood", "必ず守るべき条件が、すべて解釈できること", "every critical condition is understood"),
	words("no CA", "認証局の証明書ではないこと", "not the certificate of an authority"),
	words(`critical digitalSignature\+nonRepudiation`, "電子署名と否認防止に限る（必ず守るべき指定）", "digital signature and non-repudiation alone (critical)"),
	words(`critical ([0-9.]+)`, "署名用のポリシー（${1}）", "the policy for signatures (${1})"),
	words("the four basic data in the subjectAltName", "氏名・住所・生年月日・性別の記録", "name, address, date of birth and gender"),
	words(`messageDigest ([0-9a-f]{8})[0-9a-f]*`, "申込書から計算した値 ${1}…", "${1}…, computed from the application"),
	words("signature over the signed attributes by the certificate's key", "電子証明書の公開鍵で確かめられる署名", "a signature by the certificate's key"),
	words(`certificate (\w+), SHA-256 ([0-9a-f]{8})[0-9a-f]*`, "署名が、発行の番号${1}の電子証明書を示すこと", "the signature names the certificate ${1}"),
	words("response signed by the CA or by its OCSP responder", "認証局、または認証局が認めた応答者の署名がある回答", "an answer signed by the authority or its responder"),
	words(`one answer about serial number (\w+)`, "発行の番号${1}についての回答", "an answer about serial number ${1}"),
	words(`producedAt and thisUpdate from (\S+) to (\S+), nextUpdate not before (\S+)`, "${1}から${2}までに作られた回答", "an answer made from ${1} to ${2}"),
	words(`nonce ([0-9a-f]{8})[0-9a-f]*`, "当行の問合せの値 ${1}…", "the value of our question, ${1}…"),
	words("neither revoked nor suspended", "失効も一時停止もされていないこと", "neither revoked nor suspended"),
	words("the serial number of the paired certificate", "機構が示す、対応する電子証明書の発行の番号", "its serial number by the authority"),
}

// found are the words for what a check that passed has found.
var found = []findingWords{
	words("the same", "求めのとおり", "as wanted"),
	words(`version 3, serial number "(\w+)"`, "版3、発行の番号 ${1}", "version 3, serial number ${1}"),
	words(`RSA of (\d+) bits, exponent \d+`, "RSA暗号、${1}ビット", "RSA of ${1} bits"),
	words("digital-signature", "署名用電子証明書", "a digital signature certificate"),
	words(`(\d{4}-\d\d-\d\dT\S+)`, "検証の日時：${1}", "verified at ${1}"),
	words("no CA", "認証局の証明書ではない", "not an authority's"),
	words("bits 110000000, critical true", "求めのとおり", "as wanted"),
	words(`\[([0-9.]+)\], critical true`, "求めのとおり", "as wanted"),
	words(`([0-9a-f]{8})[0-9a-f]{24,}`, "同じ値 ${1}…", "the same value, ${1}…"),
	words(`certificate SHA-256 ([0-9a-f]{8})[0-9a-f]*`, "機構の署名（証明書 ${1}…）", "signed by the authority (certificate ${1}…)"),
	words(`producedAt (\S+), thisUpdate (\S+), nextUpdate (\S+)`, "${1}に作られた回答（次の更新は${3}）", "made at ${1} (next update ${3})"),
	words("unchanged", "失効も一時停止もされていない", "neither revoked nor suspended"),
	words(`([0-9A-F]{8})`, "${1}", "${1}"),
}
