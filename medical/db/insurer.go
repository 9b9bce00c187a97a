package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
)

// Insurer is an insurer.Store over a database.
type Insurer struct{ *dbopen.DB }

var _ insurer.Store = (*Insurer)(nil)

// OpenInsurer opens an insurer's database at a path or a postgres:// address.
func OpenInsurer(address string) (*Insurer, error) {
	db, err := dbopen.Open(address, &insuredRow{}, &linkRow{}, &logRow{})
	return &Insurer{db}, err
}

// insuredRow is an insured person. Symbol, number and branch are one person's.
type insuredRow struct {
	ID          int64  `gorm:"primaryKey"`
	Insurer     string `gorm:"not null"`
	Symbol      string `gorm:"uniqueIndex:member;not null"`
	Number      string `gorm:"uniqueIndex:member;index;not null"`
	Branch      string `gorm:"uniqueIndex:member;not null"`
	Birth       string
	Name        string `gorm:"index"`
	Kana        string `gorm:"index"`
	Sex         string
	Address     string
	Family      string
	InsuredName string
	QualifiedOn string
	LostOn      string
	LossReason  string
	IssuedOn    string
	Limit       string `gorm:"column:limit_class"`
	HighIncome  bool
}

func (insuredRow) TableName() string { return "insured" }

func insuredToRow(p insurer.Insured) insuredRow {
	return insuredRow{
		ID: p.ID, Insurer: string(p.Insurer), Symbol: p.Symbol, Number: p.Number, Branch: p.Branch, Birth: string(p.Birth), Name: p.Name, Kana: p.Kana,
		Sex: string(p.Sex), Address: p.Address, Family: string(p.Family), InsuredName: p.InsuredName, QualifiedOn: string(p.QualifiedOn),
		LostOn: string(p.LostOn), LossReason: string(p.LossReason), IssuedOn: string(p.IssuedOn), Limit: p.Limit, HighIncome: p.HighIncome,
	}
}

func (r insuredRow) insured() insurer.Insured {
	return insurer.Insured{ID: r.ID, HighIncome: r.HighIncome, Qualification: medical.Qualification{
		Member: medical.Member{Insurer: medical.InsurerNumber(r.Insurer), Symbol: r.Symbol, Number: r.Number, Branch: r.Branch, Birth: medical.Date(r.Birth)},
		Name:   r.Name, Kana: r.Kana, Sex: jpki.Gender(r.Sex), Address: r.Address, Family: medical.Family(r.Family), InsuredName: r.InsuredName,
		QualifiedOn: medical.Date(r.QualifiedOn), LostOn: medical.Date(r.LostOn), LossReason: medical.LossReason(r.LossReason),
		IssuedOn: medical.Date(r.IssuedOn), Limit: r.Limit,
	}}
}

// linkRow is a certificate of an insured person. Present is the person while the link
// is, and NULL afterwards, so that nobody has two; a certificate is linked once.
type linkRow struct {
	Serial  string `gorm:"primaryKey"`
	Insured int64  `gorm:"index;not null"`
	Present *int64 `gorm:"uniqueIndex"`
	At      time.Time
	Ended   *time.Time
}

func (linkRow) TableName() string { return "links" }

func (r linkRow) link() insurer.Link {
	return insurer.Link{Serial: jpki.SerialNumber(r.Serial), At: r.At.UTC(), Ended: dbopen.TimeOf(r.Ended)}
}

// logRow is a line of the log.
type logRow struct {
	ID          int64 `gorm:"primaryKey"`
	At          time.Time
	Insured     int64 `gorm:"index"`
	Act         string
	Inquiry     string `gorm:"index"`
	Institution string
	Code        string
	Steps       []medical.Step `gorm:"serializer:json"`
}

func (logRow) TableName() string { return "log" }

func (r logRow) entry() insurer.Entry {
	return insurer.Entry{At: r.At.UTC(), Insured: r.Insured, Act: insurer.Act(r.Act), Inquiry: r.Inquiry, Institution: r.Institution, Code: r.Code, Steps: r.Steps}
}

// Add enters an insured person.
func (s *Insurer) Add(ctx context.Context, p insurer.Insured) (insurer.Insured, error) {
	row := insuredToRow(p)
	row.ID = 0
	err := s.To(ctx).Create(&row).Error
	return row.insured(), dbopen.Taken(err, insurer.ErrExists)
}

// importAtOnce is how many rows one INSERT has.
const importAtOnce = 500

// Import enters many insured persons, each linked with the certificate at the same place.
func (s *Insurer) Import(ctx context.Context, people []insurer.Insured, serials []jpki.SerialNumber, at time.Time) error {
	rows := dbopen.Each(people, insuredToRow)
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(&rows, importAtOnce).Error; err != nil {
			return err
		}
		links := make([]linkRow, len(rows))
		for i, r := range rows {
			links[i] = linkRow{Serial: serials[i].String(), Insured: r.ID, Present: &rows[i].ID, At: at.UTC()}
		}
		return tx.CreateInBatches(&links, importAtOnce).Error
	})
}

// Lose ends a qualification.
func (s *Insurer) Lose(ctx context.Context, id int64, on medical.Date, why medical.LossReason) error {
	change := map[string]any{"lost_on": string(on), "loss_reason": string(why)}
	return dbopen.Changed(s.To(ctx).Model(&insuredRow{}).Where("id = ? AND lost_on = ''", id).Updates(change), insurer.ErrNoInsured)
}

// Insured gives an insured person.
func (s *Insurer) Insured(ctx context.Context, id int64) (insurer.Insured, error) {
	return s.one(ctx, "id = ?", id)
}

// ByMember gives the insured person of some numbers.
func (s *Insurer) ByMember(ctx context.Context, m medical.Member) (insurer.Insured, error) {
	return s.one(ctx, "insurer = ? AND symbol = ? AND number = ? AND branch = ? AND birth = ?",
		string(m.Insurer), m.Symbol, m.Number, m.Branch, string(m.Birth))
}

func (s *Insurer) one(ctx context.Context, where string, args ...any) (insurer.Insured, error) {
	return dbopen.One(s.From(ctx).Where(where, args...), insuredRow.insured, insurer.ErrNoInsured)
}

// All gives those whose name, kana or number begins so.
func (s *Insurer) All(ctx context.Context, begins string, limit int) ([]insurer.Insured, error) {
	g := dbopen.Begins(s.From(ctx), begins, "name", "kana", "number")
	return dbopen.List(g.Order("symbol, number, branch").Limit(limit), insuredRow.insured)
}

// ByCertificate gives who is linked with a certificate.
func (s *Insurer) ByCertificate(ctx context.Context, serial jpki.SerialNumber) (insurer.Insured, error) {
	p, err := s.one(ctx, "id = (SELECT present FROM links WHERE serial = ?)", serial.String())
	if errors.Is(err, insurer.ErrNoInsured) {
		err = insurer.ErrNotLinked
	}
	return p, err
}

// Link links a certificate with an insured person who has no link.
func (s *Insurer) Link(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		var before linkRow
		err := tx.Take(&before, "serial = ? OR present = ?", serial.String(), id).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			return tx.Create(&linkRow{Serial: serial.String(), Insured: id, Present: &id, At: at.UTC()}).Error
		case err == nil && before.Serial == serial.String() && before.Insured == id && before.Present == nil: // unlinked, and linked again
			return tx.Model(&before).Updates(map[string]any{"present": id, "at": at.UTC(), "ended": nil}).Error
		case err == nil:
			return insurer.ErrLinked
		}
		return err
	})
}

// Relink puts a newer certificate in the place of the present one.
func (s *Insurer) Relink(ctx context.Context, id int64, serial jpki.SerialNumber, at time.Time) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		var there linkRow
		if err := tx.Take(&there, "serial = ?", serial.String()).Error; err == nil && there.Insured == id {
			return nil
		}
		if err := end(tx, id, at).Error; err != nil {
			return err
		}
		return tx.Create(&linkRow{Serial: serial.String(), Insured: id, Present: &id, At: at.UTC()}).Error
	})
}

func end(tx *gorm.DB, id int64, at time.Time) *gorm.DB {
	return tx.Model(&linkRow{}).Where("present = ?", id).Updates(map[string]any{"present": nil, "ended": at.UTC()})
}

// Unlink ends the link of an insured person.
func (s *Insurer) Unlink(ctx context.Context, id int64, at time.Time) error {
	return dbopen.Changed(end(s.To(ctx), id, at), insurer.ErrNotLinked)
}

// Links gives the certificates of an insured person, the newest first.
func (s *Insurer) Links(ctx context.Context, id int64) ([]insurer.Link, error) {
	return dbopen.List(s.From(ctx).Where("insured = ?", id).Order("at DESC, serial DESC"), linkRow.link)
}

// Write writes a line of the log.
func (s *Insurer) Write(ctx context.Context, e insurer.Entry) error {
	return s.To(ctx).Create(&logRow{
		At: e.At.UTC(), Insured: e.Insured, Act: string(e.Act), Inquiry: e.Inquiry, Institution: e.Institution, Code: e.Code, Steps: e.Steps,
	}).Error
}

// Log gives the newest lines of the log.
func (s *Insurer) Log(ctx context.Context, about insurer.Entry, limit int) ([]insurer.Entry, error) {
	return dbopen.List(s.From(ctx).Where(&logRow{Insured: about.Insured, Inquiry: about.Inquiry}).Order("id DESC").Limit(limit), logRow.entry)
}
