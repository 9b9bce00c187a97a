package apdulog

import (
	"bytes"
	"fmt"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// words are said in English and in Japanese.
type words struct{ en, ja string }

// application is one of the card's, with its elementary files; docs/card-protocol.md says
// what they are.
type application struct {
	aid   []byte
	name  words
	files map[jpkiap.FID]words
}

// notPublic is a file whose use is not public.
func notPublic() words {
	return words{"file whose use is not public", "用途非公開のファイル"}
}

// applications are the card's.
func applications() []application {
	return []application{
		{record.IssuerDomainAID(), words{"issuer's security domain", "発行者のセキュリティドメイン"}, nil},
		{jpkiap.AID(), words{"JPKI application", "公的個人認証AP"}, jpkiFiles()},
		{record.TextAID(), words{"card-face text application", "券面事項入力補助AP"}, textFiles()},
		{record.FaceAID(), words{"card-face image application", "券面事項確認AP"}, faceFiles()},
		{record.RegisterAID(), words{"Basic Resident Register application", "住基AP"}, map[jpkiap.FID]words{
			0x0002: {"record of the register", "住基APのレコード"},
			0x001C: {"resident register PIN", "住民基本台帳用暗証番号"},
		}},
		{record.CommonAID(), words{"common application", "共通カードAP"}, map[jpkiap.FID]words{
			0x0001: {"serial number of the card", "カードの製造番号"},
			0x0002: {"key reference", "鍵の参照番号"},
			0x0019: {"authentication key of the card", "カード認証用の鍵"},
			0x001C: {"common PIN", "共通カード用暗証番号"},
			0x001E: notPublic(),
		}},
	}
}

func jpkiFiles() map[jpkiap.FID]words {
	return map[jpkiap.FID]words{
		jpkiap.SignatureCertificate:        {"digital signature certificate", "署名用電子証明書"},
		jpkiap.SignatureCACertificate:      {"CA certificate of digital signature", "署名用認証局の証明書"},
		jpkiap.TokenInfoFile:               {"token information", "トークン情報"},
		jpkiap.CertificatePresence:         {"presence of certificates", "電子証明書の有無"},
		0x0009:                             notPublic(),
		jpkiap.AuthenticationCertificate:   {"user authentication certificate", "利用者証明用電子証明書"},
		jpkiap.AuthenticationCACertificate: {"CA certificate of user authentication", "利用者証明用認証局の証明書"},
		0x0010:                             notPublic(),
		0x0016:                             {"key of terminal authentication", "端末認証の鍵"},
		jpkiap.AuthenticationKey:           {"user authentication key", "利用者証明用秘密鍵"},
		jpkiap.AuthenticationPIN:           {"user authentication PIN", "利用者証明用暗証番号"},
		jpkiap.SignatureKey:                {"digital signature key", "署名用秘密鍵"},
		jpkiap.SignaturePIN:                {"digital signature PIN", "署名用パスワード"},
	}
}

func textFiles() map[jpkiap.FID]words {
	return map[jpkiap.FID]words{
		record.TextNumber:     {"Individual Number", "個人番号"},
		record.TextAttributes: {"four basic data", "基本4情報"},
		record.TextSignature:  {"signature over number and basic data", "券面事項の電子署名"},
		record.TextIssuer:     {"CV certificate of the issuer", "発行者のCV証明書"},
		record.TextBasicInfo:  {"basic information", "基本情報"},
		record.TextSessionKey: {"session key of the card", "セッション鍵用の公開鍵"},
		record.TextPublicKey:  {"public key of the card", "カードの公開鍵"},
		record.TextSpare:      {"spare file", "予備のファイル"},
		0x0011:                {"card-face text PIN", "券面事項入力補助用暗証番号"},
		0x0012:                {"blocked key", "使用停止の鍵"},
		0x0013:                {"signing key of the card", "カードの署名鍵"},
		0x0014:                {"number A", "照合番号A"},
		0x0015:                {"number B", "照合番号B"},
	}
}

func faceFiles() map[jpkiap.FID]words {
	return map[jpkiap.FID]words{
		record.FaceAge:       {"date of birth", "生年月日"},
		record.FaceFront:     {"front of the card", "券面（表）"},
		record.FaceBasicInfo: {"basic information", "基本情報"},
		record.FaceIssuer:    {"CV certificate of the issuer", "発行者のCV証明書"},
		record.FaceNumber:    {"picture of the Individual Number", "個人番号の画像"},
		record.FaceSpare:     {"spare file", "予備のファイル"},
		0x0011:               {"date of birth as a key", "生年月日による照合"},
		0x0012:               {"number B", "照合番号B"},
		0x0013:               {"number A", "照合番号A"},
		0x0014:               notPublic(),
		0x0015:               notPublic(),
	}
}

// meanings are the status words (ISO/IEC 7816-4 §5.6, JICSAP).
func meanings() map[apdu.StatusWord]words {
	return map[apdu.StatusWord]words{
		apdu.OK: {"done", "正常終了"}, apdu.MemoryFailure: {"memory failure", "メモリーの異常"}, apdu.NoSessionHere: {"no session here", "セッションを張れません"},
		apdu.WrongLength: {"wrong length", "長さの誤り"}, apdu.ChannelNotSupported: {"logical channels not supported", "論理チャネルは使えません"},
		apdu.SecureMessagingUnknown: {"secure messaging not supported", "セキュアメッセージングは使えません"},
		apdu.SecureMessagingNoKey:   {"secure messaging without a session", "セッションのないセキュアメッセージング"},
		apdu.WrongFileType:          {"not possible with this file", "このファイルにはできません"}, apdu.NotVerified: {"PIN not verified", "暗証番号の照合が済んでいません"},
		apdu.MethodBlocked: {"blocked", "ロックされています"}, apdu.ReferenceBlocked: {"blocked", "ロックされています"},
		apdu.ConditionsNotMet: {"conditions not met", "使用条件を満たしていません"}, apdu.NoCurrentFile: {"no file selected", "ファイルが選択されていません"},
		apdu.WrongData: {"wrong data", "データの誤り"}, apdu.FunctionNotSupported: {"function not supported", "この機能はありません"},
		apdu.NotFound: {"not found", "見つかりません"}, apdu.RecordNotFound: {"record not found", "レコードがありません"},
		apdu.WrongP1P2: {"wrong P1 P2", "P1・P2の誤り"}, apdu.DataNotFound: {"no such data", "データがありません"},
		apdu.OffsetOutside: {"offset beyond the end", "位置がファイルの外です"}, apdu.UnknownInstruction: {"unknown instruction", "未知の命令"},
		apdu.UnknownClass: {"unknown class", "未知のクラス"}, apdu.UnknownError: {"error", "エラー"},
	}
}

// instructions are the names of instructions that act on no file that can be told. The
// class is part of the key, for those that have one of their own.
func instructions() map[uint16]words {
	return map[uint16]words{
		0x002C: {"RESET RETRY COUNTER", "RESET RETRY COUNTER（ロックの解除）"},
		0x0084: {"GET CHALLENGE", "GET CHALLENGE（乱数）"},
		0x8006: {"ERASE ALL RECORDS", "ERASE ALL RECORDS（レコードの消去）"},
		0x8050: {"LOCK DF", "LOCK DF（APの閉塞）"},
		0x8052: {"UNLOCK DF", "UNLOCK DF（APの閉塞の解除）"},
		0x8054: {"UNLOCK KEY", "UNLOCK KEY（鍵の閉塞の解除）"},
		0x808A: {"MANAGE ATTRIBUTES", "MANAGE ATTRIBUTES（属性の管理）"},
		0x80A2: {"LOAD TERMINAL CERTIFICATE", "端末の証明書の読み込み"},
		0x80AE: {"SET SESSION KEY", "SET SESSION KEY（セッション鍵の設定）"},
	}
}

// applicationNamed returns the application of a name, which may be truncated, or nil.
func applicationNamed(aid []byte) *application {
	for _, a := range applications() {
		if len(aid) > 4 && bytes.HasPrefix(a.aid, aid) {
			return &a
		}
	}
	return nil
}

// fileNamed names a file of an application, nil for one that is unknown.
func (a *application) fileNamed(fid jpkiap.FID) words {
	if a != nil {
		if name, ok := a.files[fid]; ok {
			return words{fmt.Sprintf("%s (%04X)", name.en, uint16(fid)), fmt.Sprintf("%s（%04X）", name.ja, uint16(fid))}
		}
	}
	return words{fmt.Sprintf("file %04X", uint16(fid)), fmt.Sprintf("ファイル%04X", uint16(fid))}
}
