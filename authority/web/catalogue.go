package web

import "example.jp/jpkimock/internal/ui"

// site is what the layout says of the house.
func site(cfg Config) ui.Site {
	s := ui.Site{
		House: "authority", Lobby: cfg.Lobby, Now: cfg.Clock.Now,
		Name:    ui.Text{JA: "地方公共団体情報システム機構（模擬）", EN: "Japan Agency for Local Authority Information Systems (mock)"},
		Tagline: ui.Text{JA: "公的個人認証サービス 認証局", EN: "Certification authorities of the JPKI"},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "認証局のご案内", EN: "About the CAs"}, Href: "/"},
			{Text: ui.Text{JA: "認定検証者の名簿", EN: "Accredited verifiers"}, Href: "/verifiers"},
			{Text: ui.Text{JA: "業務端末", EN: "Desks"}, Href: "/office"},
		},
	}
	if cfg.Latest != nil {
		s.Nav = append(s.Nav, ui.Link{Text: ui.Text{JA: "同意の確認・取消し", EN: "Your consents"}, Href: "/consents"})
	}
	return s
}

var titleFront = ui.Text{JA: "公的個人認証サービス 認証局のご案内", EN: "The certification authorities of the JPKI"}

// endpoint is one line of the table for integrators. Path stands behind the
// house's own address.
type endpoint struct {
	Method, Path string
	Who, What    ui.Text
}

// endpoints lists the doors of the house.
func endpoints() []endpoint {
	anybody := ui.Text{JA: "どなたでも", EN: "everyone"}
	verifiers := ui.Text{JA: "認定を受けた検証者", EN: "accredited verifiers"}
	officers := ui.Text{JA: "市区町村の職員", EN: "municipal officers"}
	scripts := ui.Text{JA: "プログラムのみ", EN: "scripts only"}
	return []endpoint{
		{"GET", "/ca/{kind}.pem", anybody, ui.Text{JA: "認証局の証明書（PEM）", EN: "CA certificate, PEM"}},
		{"GET", "/ca/{kind}.cer", anybody, ui.Text{JA: "認証局の証明書（DER）", EN: "CA certificate, DER"}},
		{"GET", "/ca/bundle.pem", anybody, ui.Text{JA: "両認証局の証明書をまとめたもの（PEM）", EN: "both CA certificates, PEM"}},
		{"POST, GET", "/ocsp/{kind}", verifiers, ui.Text{JA: "有効性確認（OCSP, RFC 6960）", EN: "certificate status (OCSP, RFC 6960)"}},
		{"POST, GET", "/ocsp/{kind}/key/{key}", verifiers, ui.Text{JA: "同上（ヘッダーを付けられないソフト向け）", EN: "the same, for clients that cannot set a header"}},
		{"GET", "/crl/{kind}.crl", verifiers, ui.Text{JA: "失効情報ファイル（CRL, DER）", EN: "the full CRL, DER"}},
		{"GET", "/crl/{kind}.crl/key/{key}", verifiers, ui.Text{JA: "同上（ヘッダーを付けられないソフト向け）", EN: "the same, for clients that cannot set a header"}},
		{"GET", "/verifier/v1/certificates/{kind}/{serial}/pair", verifiers, ui.Text{JA: "対応証明書の発行の番号", EN: "serial number of the paired certificate"}},
		{"GET", "/verifier/v1/certificates/{kind}/{serial}/successor", verifiers, ui.Text{JA: "更新・再発行された、いまの発行の番号", EN: "serial number of the holder’s current certificate"}},
		{"GET", "/verifier/v1/certificates/{kind}/{serial}/predecessors", verifiers, ui.Text{JA: "更新・再発行される前の発行の番号", EN: "serial numbers of the holder’s earlier certificates"}},
		{"GET", "/verifier/v1/certificates/{kind}/{serial}/validity", verifiers, ui.Text{JA: "有効期間の満了日時", EN: "end of a certificate’s validity"}},
		{"POST", "/verifier/v1/confirmations", verifiers, ui.Text{JA: "変更確認（多数の発行の番号を1回で）", EN: "change confirmation of many serial numbers in one request"}},
		{"GET", "/verifier/v1/statement", verifiers, ui.Text{JA: "失効情報提供手数料の月次明細（JSON・CSV）", EN: "monthly fees, as JSON or CSV"}},
		{"GET, POST", "/counter/v1/…", officers, ui.Text{JA: "窓口業務（住民の異動・発行・失効・一時停止）", EN: "counter: life events, issue, revocation, suspension"}},
		{"POST", "/suspension/v1/…", ui.Text{JA: "コールセンターの職員", EN: "call centre"}, ui.Text{JA: "電話の申出による一時停止（一時保留：certificateHold）", EN: "suspension by telephone"}},
		{"GET", "/register/v1/verifiers", anybody, ui.Text{JA: "認定検証者の名簿", EN: "accredited verifiers"}},
		{"GET, PUT", "/clock", scripts, ui.Text{JA: "模擬時刻の確認と変更", EN: "simulated clock: read and move"}},
		{"GET", "/healthz", anybody, ui.Text{JA: "稼働状況", EN: "health"}},
	}
}
