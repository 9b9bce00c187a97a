package db

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/dbopen"
)

// contractRow is a household's contract with its box. WrongCodes counts those
// in a row.
type contractRow struct {
	Number      string `gorm:"primaryKey"`
	Holder      string
	HolderEN    string
	Box         string `gorm:"uniqueIndex;not null"`
	Since       time.Time
	WrongCodes  int
	LockedUntil *time.Time
	// Subscriber is empty in contracts of earlier versions.
	Subscriber, Address string
}

func (contractRow) TableName() string { return "contracts" }

func (r contractRow) contract(places []placeRow) catv.Contract {
	return catv.Contract{
		Number: catv.ContractNumber(r.Number), Holder: catv.Name{JA: r.Holder, EN: r.HolderEN}, Box: catv.BoxID(r.Box),
		Subscriber: catv.Subscriber{Name: r.Subscriber, Address: r.Address},
		Since:      r.Since.UTC(), Places: dbopen.Each(places, placeRow.place),
	}
}

// placeRow is a line of contract papers. ViewerID is set when its code was used.
type placeRow struct {
	ID        int64  `gorm:"primaryKey"`
	Contract  string `gorm:"uniqueIndex:code;not null"`
	Code      string `gorm:"uniqueIndex:code;not null"`
	Label     string
	LabelEN   string
	Born      int
	Sex       string
	HeightCM  float64
	WeightKG  float64
	Steps     int
	Systolic  int
	Diastolic int
	ViewerID  *int64 `gorm:"uniqueIndex"`
}

func (placeRow) TableName() string { return "places" }

func placeToRow(p catv.Place, contract catv.ContractNumber) placeRow {
	f := p.Profile
	return placeRow{
		Contract: string(contract), Code: string(p.Code), Label: p.Label.JA, LabelEN: p.Label.EN, Born: f.Born, Sex: string(f.Sex),
		HeightCM: f.HeightCM, WeightKG: f.WeightKG, Steps: f.Steps, Systolic: f.Systolic, Diastolic: f.Diastolic,
	}
}

func (r placeRow) place() catv.Place {
	p := catv.Place{
		ID: catv.PlaceID(r.ID), Contract: catv.ContractNumber(r.Contract), Label: catv.Name{JA: r.Label, EN: r.LabelEN},
		Code: catv.RegistrationCode(r.Code),
		Profile: catv.Profile{
			Born: r.Born, Sex: jpki.Gender(r.Sex), HeightCM: r.HeightCM, WeightKG: r.WeightKG,
			Steps: r.Steps, Systolic: r.Systolic, Diastolic: r.Diastolic,
		},
	}
	if r.ViewerID != nil {
		p.Viewer = catv.ViewerID(*r.ViewerID)
	}
	return p
}

// viewerRow is a viewer. A certificate is one viewer's.
type viewerRow struct {
	ID         int64  `gorm:"primaryKey"`
	Contract   string `gorm:"index;not null"`
	PlaceID    int64
	Nickname   string
	Serial     string  `gorm:"uniqueIndex;not null"`
	Signature  *string `gorm:"uniqueIndex"`
	Expires    time.Time
	EnrolledAt time.Time
	SeenAt     time.Time
}

func (viewerRow) TableName() string { return "viewers" }

func viewerToRow(v catv.Viewer) viewerRow {
	return viewerRow{
		ID: int64(v.ID), Contract: string(v.Contract), PlaceID: int64(v.Place), Nickname: string(v.Nickname),
		Serial: v.Serial.String(), Signature: dbopen.Optional(v.Signature), Expires: v.Expires.UTC(),
		EnrolledAt: v.EnrolledAt.UTC(), SeenAt: v.SeenAt.UTC(),
	}
}

func (r viewerRow) viewer() catv.Viewer {
	return catv.Viewer{
		ID: catv.ViewerID(r.ID), Contract: catv.ContractNumber(r.Contract), Place: catv.PlaceID(r.PlaceID), Nickname: catv.Nickname(r.Nickname),
		Serial: jpki.SerialNumber(r.Serial), Signature: dbopen.TextOf[jpki.SerialNumber](r.Signature), Expires: r.Expires.UTC(),
		EnrolledAt: r.EnrolledAt.UTC(), SeenAt: r.SeenAt.UTC(),
	}
}

// certificateRow is a certificate by which a viewer was known.
type certificateRow struct {
	ID       int64 `gorm:"primaryKey"`
	ViewerID int64 `gorm:"index;not null"`
	Serial   string
	At       time.Time
}

func (certificateRow) TableName() string { return "viewer_certificates" }

func (r certificateRow) linked() catv.Linked {
	return catv.Linked{Serial: jpki.SerialNumber(r.Serial), At: r.At.UTC()}
}

// subjectRow is what the common platform calls a viewer at a service.
type subjectRow struct {
	Service  string `gorm:"primaryKey"`
	Subject  string `gorm:"primaryKey"`
	ViewerID int64  `gorm:"not null"`
	At       time.Time
}

func (subjectRow) TableName() string { return "subjects" }
