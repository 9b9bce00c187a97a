package web

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/bank"
)

// The shapes of the JSON face of what keeps records true.

type noticeFace struct {
	ID         bank.NoticeID     `json:"id"`
	Kind       bank.NoticeKind   `json:"kind"`
	Serial     jpki.SerialNumber `json:"serial"`
	Reason     string            `json:"reason,omitempty"`
	Since      time.Time         `json:"since,omitzero"`
	At         time.Time         `json:"at"`
	ClosedAt   time.Time         `json:"closedAt,omitzero"`
	AsksChange bool              `json:"asksChange"`
}

func noticeJSON(n bank.Notice) noticeFace {
	f := noticeFace{ID: n.ID, Kind: n.Kind, Serial: n.Serial, Since: n.Since, At: n.At, ClosedAt: n.ClosedAt, AsksChange: n.Kind.AsksChange()}
	if !n.Since.IsZero() {
		f.Reason = n.Reason.String()
	}
	return f
}

func noticesJSON(all []bank.Notice) []noticeFace {
	faces := make([]noticeFace, len(all))
	for i, n := range all {
		faces[i] = noticeJSON(n)
	}
	return faces
}

func consentJSON(c bank.Consent) map[string]any {
	face := map[string]any{"document": c.Document, "givenAt": c.GivenAt, "stands": c.WithdrawnAt.IsZero()}
	if !c.WithdrawnAt.IsZero() {
		face["withdrawnAt"] = c.WithdrawnAt
	}
	return face
}

type reportFace struct {
	ID        int64        `json:"id"`
	Trigger   bank.Trigger `json:"trigger"`
	At        time.Time    `json:"at"`
	Finished  time.Time    `json:"finished"`
	Questions int          `json:"questions"`
	Asked     int          `json:"asked"`
	Followed  int          `json:"followed"`
	Failure   bank.Failure `json:"failure,omitempty"`
	Customers int          `json:"customers"`
	Withheld  int          `json:"withheld"`
	Never     int          `json:"never"`
	Unchanged int          `json:"unchanged"`
	Changed   int          `json:"changed"`
	Revoked   int          `json:"revoked"`
	Reissued  int          `json:"reissued"`
	Suspended int          `json:"suspended"`
	Expired   int          `json:"expired"`
	Unknown   int          `json:"unknown"`
}

func reportJSON(r bank.Report) reportFace {
	t := r.Tally
	return reportFace{
		r.ID, r.Trigger, r.At, r.Finished, r.Questions, r.Asked, r.Followed, r.Failure,
		t.Customers, t.Withheld, t.Never, t.Unchanged, t.Changed, t.Revoked, t.Reissued, t.Suspended, t.Expired, t.Unknown,
	}
}

func reportsJSON(all []bank.Report) []reportFace {
	faces := make([]reportFace, len(all))
	for i, r := range all {
		faces[i] = reportJSON(r)
	}
	return faces
}

func visitorJSON(v bank.Visitor) map[string]any {
	return map[string]any{"name": v.Name, "account": v.Account, "branch": v.Branch, "tasks": noticesJSON(v.Tasks)}
}
