package rpweb

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// checkNames says what each check of the kit made sure of.
var checkNames = map[rp.Check]ui.Text{
	rp.FormCheck:              {JA: "電子署名と電子証明書の形式", EN: "Form of signature and certificate"},
	rp.ChallengeCheck:         {JA: "発行した照合用の値", EN: "Challenge that we issued"},
	rp.KindCheck:              {JA: "電子証明書の種別", EN: "Kind of certificate"},
	rp.ChainCheck:             {JA: "認証局による発行", EN: "Issued by the certification authority"},
	rp.ValidityCheck:          {JA: "有効期間", EN: "Validity period"},
	rp.CriticalExtensionCheck: {JA: "解釈できない条件がないこと", EN: "No unknown critical condition"},
	rp.BasicConstraintsCheck:  {JA: "個人の電子証明書であること", EN: "A person's certificate, not a CA's"},
	rp.KeyUsageCheck:          {JA: "鍵の用途", EN: "Key usage"},
	rp.PolicyCheck:            {JA: "証明書ポリシー", EN: "Certificate policy"},
	rp.DigestCheck:            {JA: "文書が改ざんされていないこと", EN: "Document not altered"},
	rp.SignatureCheck:         {JA: "電子署名が本人の鍵によること", EN: "Signed with the holder's key"},
	rp.OriginCheck:            {JA: "このサイトへの回答であること", EN: "Answered to this site"},
	rp.SignerIdentifierCheck:  {JA: "署名者と電子証明書の一致", EN: "Signature names this certificate"},
	rp.HolderCheck:            {JA: "基本4情報の読取り", EN: "Four basic data read"},
	rp.StatusCheck:            {JA: "失効していないこと", EN: "Not revoked"},
	rp.PairedCheck:            {JA: "対応する利用者証明用電子証明書の発行の番号", EN: "Serial number of the paired certificate"},
}

// factWords puts what a check expected or found into words, by the
// fact's code. {0} and so on are its arguments: times are written by Japanese
// civil time, and digests by their first eight digits.
var factWords = map[string]ui.Text{
	"same":                  {JA: "基準のとおり", EN: "as required"},
	"none":                  {JA: "なし", EN: "none"},
	"value":                 {JA: "同じ値 {0}", EN: "the same value, {0}"},
	"time":                  {JA: "検証の日時：{0}", EN: "verified at {0}"},
	"serial":                {JA: "{0}", EN: "{0}"},
	"certificate_form":      {JA: "版3の電子証明書で、発行の番号が正の整数であること", EN: "version 3 and a positive serial number"},
	"version_serial":        {JA: "版{0}、発行の番号 {1}", EN: "version {0}, serial number {1}"},
	"key_range":             {JA: "RSA暗号の公開鍵で、{0}ビットから{1}ビットまで", EN: "an RSA key of {0} to {1} bits"},
	"rsa_key":               {JA: "RSA暗号、{0}ビット", EN: "RSA of {0} bits"},
	"ca_signature":          {JA: "認証局（鍵の識別子 {0}）の署名", EN: "a signature by the certification authority (key {0})"},
	"certificate_validity":  {JA: "電子証明書の有効期間：{0}から{1}まで", EN: "the certificate is valid from {0} to {1}"},
	"ca_validity":           {JA: "認証局の証明書の有効期間：{0}から{1}まで", EN: "the authority's certificate is valid from {0} to {1}"},
	"critical_extensions":   {JA: "必ず守るべき条件が、すべて解釈できること", EN: "every critical condition is understood"},
	"not_ca":                {JA: "認証局の証明書ではないこと", EN: "not the certificate of an authority"},
	"key_usage":             {JA: "鍵の用途が定めのとおりであること（必ず守るべき指定）", EN: "{0} alone (critical)"},
	"key_usage_bits":        {JA: "基準のとおり", EN: "as required"},
	"extended_usage":        {JA: "拡張された用途：{0}", EN: "extended usage {0}"},
	"extended_usage_listed": {JA: "基準のとおり", EN: "as required"},
	"policy":                {JA: "電子証明書のポリシー（{0}）", EN: "the certificate policy {0}"},
	"policies":              {JA: "基準のとおり", EN: "as required"},
	"basic_four":            {JA: "氏名・住所・生年月日・性別の記録", EN: "name, address, date of birth and gender"},
	"digest":                {JA: "文書から計算した値 {0}", EN: "{0}, computed from the document"},
	"attributes_signature":  {JA: "電子証明書の公開鍵で確かめられる署名", EN: "a signature by the certificate's key"},
	"signer":                {JA: "署名が、発行の番号{0}の電子証明書を示すこと", EN: "the signature names the certificate {0}"},
	"token_signature":       {JA: "{0} への回答で、電子証明書の公開鍵で確かめられる署名", EN: "a signature by the certificate's key, for {0}"},
	"unused_challenge":      {JA: "発行した照合用の値で、まだ使われていないもの", EN: "an unused challenge we issued"},
	"answer_before":         {JA: "{0}までの回答", EN: "an answer by {0}"},
	"challenge_for":         {JA: "{0} のための照合用の値", EN: "a challenge for {0}"},
	"origin":                {JA: "{0}", EN: "{0}"},
	"responder":             {JA: "認証局、または認証局が認めた応答者の署名がある回答", EN: "an answer signed by the authority or its responder"},
	"responder_certificate": {JA: "機構の署名（証明書 {0}）", EN: "signed by the authority (certificate {0})"},
	"one_answer":            {JA: "発行の番号{0}についての回答", EN: "an answer about serial number {0}"},
	"fresh":                 {JA: "{0}から{1}までに作られた回答", EN: "an answer made from {0} to {1}"},
	"produced":              {JA: "{0}に作られた回答（次の更新は{2}）", EN: "made at {0} (next update {2})"},
	"nonce":                 {JA: "問合せに付けた値 {0}", EN: "the value of our question, {0}"},
	"not_revoked":           {JA: "失効も一時停止もされていないこと", EN: "neither revoked nor suspended"},
	"state":                 {JA: "失効も一時停止もされていない", EN: "neither revoked nor suspended"},
	"paired_serial":         {JA: "機構が示す、対応する電子証明書の発行の番号", EN: "its serial number by the authority"},
}
