package db

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// citizenRow is a citizen.
type citizenRow struct {
	ID             int64          `gorm:"primaryKey"`
	Four           jpki.BasicFour `gorm:"serializer:json"`
	Mail           string
	Signature      string `gorm:"uniqueIndex;not null"`
	Authentication string `gorm:"uniqueIndex;not null"`
	EnrolledAt     time.Time
	Standing       string `gorm:"index;not null"`
	MovedAt        *time.Time
	NoticedAt      *time.Time
}

func (citizenRow) TableName() string { return "citizens" }

func citizenToRow(c portal.Citizen) citizenRow {
	return citizenRow{
		ID: c.ID, Four: c.Four, Mail: c.Mail, Signature: c.Signature.String(), Authentication: c.Authentication.String(), EnrolledAt: c.EnrolledAt.UTC(),
		Standing: string(c.Standing), MovedAt: dbopen.OptionalTime(c.MovedAt), NoticedAt: dbopen.OptionalTime(c.NoticedAt),
	}
}

func (r citizenRow) citizen() portal.Citizen {
	return portal.Citizen{
		ID: r.ID, Four: r.Four, Mail: r.Mail, Signature: jpki.SerialNumber(r.Signature), Authentication: jpki.SerialNumber(r.Authentication),
		EnrolledAt: r.EnrolledAt.UTC(), Standing: portal.Standing(r.Standing), MovedAt: dbopen.TimeOf(r.MovedAt), NoticedAt: dbopen.TimeOf(r.NoticedAt),
	}
}

// enrolmentRow is the signed application with which somebody enrolled.
type enrolmentRow struct {
	Citizen int64             `gorm:"primaryKey;autoIncrement:false"`
	Signed  rp.SignedDocument `gorm:"serializer:json"`
}

func (enrolmentRow) TableName() string { return "enrolments" }

// connectionRow is a connection.
type connectionRow struct {
	Citizen       int64  `gorm:"primaryKey;autoIncrement:false"`
	Partner       string `gorm:"primaryKey"`
	Customer, Box string
	ConsentedAt   time.Time
	Same          *bool
}

func (connectionRow) TableName() string { return "connections" }

// applicationRow is a signed application.
type applicationRow struct {
	ID          string `gorm:"primaryKey"`
	Citizen     int64  `gorm:"index"`
	At          time.Time
	Application portal.Application `gorm:"serializer:json"`
}

func (applicationRow) TableName() string { return "applications" }

func (r applicationRow) application() portal.Application { return r.Application }

// deliveryRow is a delivery: the outbox.
type deliveryRow struct {
	No          int64  `gorm:"primaryKey"`
	Application string `gorm:"uniqueIndex:once;not null"`
	Partner     string `gorm:"uniqueIndex:once;not null"`
	Citizen     int64  `gorm:"index"`
	Sheet       string
	State       string
	Open        bool `gorm:"index:due"`
	Since       time.Time
	Next        *time.Time `gorm:"index:due"`
	Attempts    int
	Trouble     string
	Reason      string
	Question    string
	Answer      string
}

func (deliveryRow) TableName() string { return "deliveries" }

func deliveryToRow(d portal.Delivery) deliveryRow {
	return deliveryRow{
		Application: d.Application, Partner: d.Partner, Sheet: d.Sheet, State: string(d.State), Open: !d.State.Final(), Since: d.Since.UTC(),
		Next: dbopen.OptionalTime(d.Next), Attempts: d.Attempts, Trouble: d.Trouble, Reason: d.Reason, Question: d.Question, Answer: d.Answer,
	}
}

func (r deliveryRow) delivery() portal.Delivery {
	return portal.Delivery{
		Application: r.Application, Partner: r.Partner, Sheet: r.Sheet, State: partner.State(r.State), Since: r.Since.UTC(),
		Next: dbopen.TimeOf(r.Next), Attempts: r.Attempts, Trouble: r.Trouble, Reason: r.Reason, Question: r.Question, Answer: r.Answer,
	}
}

// letterRow is a letter. Its content is encrypted.
type letterRow struct {
	ID         int64  `gorm:"primaryKey"`
	Owner      int64  `gorm:"index;not null"`
	Sender     string `gorm:"uniqueIndex:delivered;not null"`
	Notice     string `gorm:"uniqueIndex:delivered;not null"`
	ReceivedAt time.Time
	OpenedAt   *time.Time
	Content    []byte
}

func (letterRow) TableName() string { return "letters" }

func letterToRow(l postbox.Letter) letterRow {
	return letterRow{l.ID, l.Owner, l.Sender, l.Notice, l.ReceivedAt.UTC(), dbopen.OptionalTime(l.OpenedAt), l.Content}
}

func (r letterRow) letter() postbox.Letter {
	return postbox.Letter{
		ID: r.ID, Owner: r.Owner, Sender: r.Sender, Notice: r.Notice, ReceivedAt: r.ReceivedAt.UTC(), OpenedAt: dbopen.TimeOf(r.OpenedAt), Content: r.Content,
	}
}

// senderRow is a registered sender.
type senderRow struct {
	ID           string `gorm:"primaryKey"`
	Name, NameEN string
	Keys         []byte
	At           time.Time
}

func (senderRow) TableName() string { return "senders" }

// mailRow is an e-mail.
type mailRow struct {
	ID            int64  `gorm:"primaryKey"`
	Recipient     string // "to" is a word of SQL
	Subject, Body string
	At            time.Time
	SentAt        *time.Time `gorm:"index"`
}

func (mailRow) TableName() string { return "mails" }

func mailToRow(m portal.Mail) mailRow {
	return mailRow{m.ID, m.To, m.Subject, m.Body, m.At.UTC(), dbopen.OptionalTime(m.SentAt)}
}

func (r mailRow) mail() portal.Mail {
	return portal.Mail{ID: r.ID, To: r.Recipient, Subject: r.Subject, Body: r.Body, At: r.At.UTC(), SentAt: dbopen.TimeOf(r.SentAt)}
}

// watchRow is a report of a watch.
type watchRow struct {
	ID                           int64 `gorm:"primaryKey"`
	At                           time.Time
	Asked, Moved, Renewed, Ready int
}

func (watchRow) TableName() string { return "watches" }
