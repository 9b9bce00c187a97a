package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// AddApplication keeps a signed application with its deliveries.
func (s *Store) AddApplication(ctx context.Context, a portal.Application, d []portal.Delivery, change func(*portal.Citizen) error) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		if _, err := changeCitizen(tx, a.Citizen, change); err != nil {
			return err
		}
		if err := tx.Create(&applicationRow{a.ID, a.Citizen, a.At.UTC(), a}).Error; err != nil {
			return dbopen.Taken(err, portal.ErrTooLate)
		}
		for _, one := range d {
			row := deliveryToRow(one)
			row.Citizen = a.Citizen
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// Application gives an application, or portal.ErrNoApplication.
func (s *Store) Application(ctx context.Context, id string) (portal.Application, error) {
	return dbopen.One(s.From(ctx).Where("id = ?", id), applicationRow.application, portal.ErrNoApplication)
}

// Applications lists a citizen's applications, the newest first.
func (s *Store) Applications(ctx context.Context, citizen int64) ([]portal.Application, error) {
	return dbopen.List(s.From(ctx).Where("citizen = ?", citizen).Order("at DESC, id").Limit(100), applicationRow.application)
}

func deliveries(tx *gorm.DB) ([]portal.Delivery, error) {
	return dbopen.List(tx.Order("no"), deliveryRow.delivery)
}

// Deliveries lists the deliveries of an application.
func (s *Store) Deliveries(ctx context.Context, application string) ([]portal.Delivery, error) {
	return deliveries(s.From(ctx).Where("application = ?", application))
}

// Due gives the deliveries to a partner that are to be tried.
func (s *Store) Due(ctx context.Context, to string, now time.Time, limit int) ([]portal.Delivery, error) {
	return deliveries(s.From(ctx).Where("open AND partner = ? AND next <= ?", to, now.UTC()).Order("next").Limit(limit))
}

// Delivering gives the open deliveries, those in trouble first.
func (s *Store) Delivering(ctx context.Context, limit int) ([]portal.Delivery, error) {
	return deliveries(s.From(ctx).Where("open").Order("attempts DESC").Limit(limit))
}

// ChangeDelivery changes a delivery together with what is sent about it.
func (s *Store) ChangeDelivery(ctx context.Context, application, to string,
	change func(d *portal.Delivery, all func() []portal.Delivery) (portal.Sent, error)) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		// The application's row is locked, so that of its last two deliveries one sees the other.
		if err := dbopen.Locked(tx).Select("id").Take(&applicationRow{}, "id = ?", application).Error; err != nil {
			return dbopen.Missing(err, portal.ErrNoApplication)
		}
		var row deliveryRow
		if err := tx.Take(&row, "application = ? AND partner = ?", application, to).Error; err != nil {
			return dbopen.Missing(err, portal.ErrNoApplication)
		}
		others, err := deliveries(tx.Where("application = ?", application))
		if err != nil {
			return err
		}
		d := row.delivery()
		sent, err := change(&d, func() []portal.Delivery {
			for i := range others {
				if others[i].Partner == to {
					others[i] = d
				}
			}
			return others
		})
		if err != nil {
			return err
		}
		changed := deliveryToRow(d)
		changed.No, changed.Citizen = row.No, row.Citizen
		if err := tx.Save(&changed).Error; err != nil {
			return err
		}
		if d.State == partner.Done {
			same := tx.Model(&connectionRow{}).Where("citizen = ? AND partner = ?", row.Citizen, to).Update("same", true)
			if same.Error != nil {
				return same.Error
			}
		}
		return send(tx, sent)
	})
}

// Letters lists letters in a box, the newest first.
func (s *Store) Letters(ctx context.Context, owner int64, skip, limit int) ([]postbox.Letter, error) {
	return dbopen.List(s.From(ctx).Where("owner = ?", owner).Order("id DESC").Offset(skip).Limit(limit), letterRow.letter)
}

// CountLetters counts the letters in a box.
func (s *Store) CountLetters(ctx context.Context, owner int64) (all, unread int, err error) {
	row := s.From(ctx).Model(&letterRow{}).Where("owner = ?", owner).Select("COUNT(*), COUNT(*) - COUNT(opened_at)").Row()
	return all, unread, row.Scan(&all, &unread)
}

// Letter gives a letter in a box, or postbox.ErrLetter.
func (s *Store) Letter(ctx context.Context, owner, id int64) (postbox.Letter, error) {
	return dbopen.One(s.From(ctx).Where("owner = ? AND id = ?", owner, id), letterRow.letter, postbox.ErrLetter)
}

// OpenLetter writes down when a letter was opened first.
func (s *Store) OpenLetter(ctx context.Context, owner, id int64, now time.Time) error {
	return s.To(ctx).Model(&letterRow{}).Where("owner = ? AND id = ? AND opened_at IS NULL", owner, id).Update("opened_at", now.UTC()).Error
}

// TakeLetter keeps a letter with its e-mail, once.
func (s *Store) TakeLetter(ctx context.Context, l postbox.Letter, m portal.Mail) (postbox.Letter, error) {
	row := letterToRow(l)
	err := s.Transaction(ctx, func(tx *gorm.DB) error {
		row = letterToRow(l)
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if made.Error == nil && made.RowsAffected == 0 {
			row = letterRow{}
			return tx.Take(&row, "owner = ? AND sender = ? AND notice = ?", l.Owner, l.Sender, l.Notice).Error
		}
		mail := mailToRow(m)
		return errors.Join(made.Error, tx.Create(&mail).Error)
	})
	return row.letter(), dbopen.Missing(err, postbox.ErrRepeated)
}

// ForgetLetters erases the letters that were delivered before a time.
func (s *Store) ForgetLetters(ctx context.Context, before time.Time) error {
	return s.To(ctx).Delete(&letterRow{}, "received_at < ?", before.UTC()).Error
}

// AddSender registers a sender, in place of an earlier one with its ID.
func (s *Store) AddSender(ctx context.Context, one portal.Registered) error {
	row := senderRow{one.ID, one.Name, one.NameEN, one.Keys, one.At.UTC()}
	return s.To(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Senders lists the registered senders.
func (s *Store) Senders(ctx context.Context) ([]portal.Registered, error) {
	return dbopen.List(s.From(ctx).Order("id"), func(r senderRow) portal.Registered {
		return portal.Registered{ID: r.ID, Name: r.Name, NameEN: r.NameEN, Keys: r.Keys, At: r.At.UTC()}
	})
}

// BoxOwner finds the citizen who has given a sender the address of a box.
func (s *Store) BoxOwner(ctx context.Context, sender, box string) (portal.Citizen, error) {
	owner := s.From(ctx).Model(&connectionRow{}).Select("citizen").Where("partner = ? AND box = ?", sender, box)
	return dbopen.One(s.From(ctx).Where("id = (?)", owner), citizenRow.citizen, portal.ErrNoBox)
}

// Mails gives the newest e-mails.
func (s *Store) Mails(ctx context.Context, limit int) ([]portal.Mail, error) {
	return dbopen.List(s.From(ctx).Order("id DESC").Limit(limit), mailRow.mail)
}

// UnsentMails gives the e-mails that have not left, the oldest first.
func (s *Store) UnsentMails(ctx context.Context, limit int) ([]portal.Mail, error) {
	return dbopen.List(s.From(ctx).Where("sent_at IS NULL").Order("id").Limit(limit), mailRow.mail)
}

// MailSent writes down that an e-mail has left.
func (s *Store) MailSent(ctx context.Context, id int64, at time.Time) error {
	return s.To(ctx).Model(&mailRow{}).Where("id = ?", id).Update("sent_at", at.UTC()).Error
}

// Figures counts.
func (s *Store) Figures(ctx context.Context) (f portal.Figures, err error) {
	type count struct {
		Name string
		N    int64
	}
	var standings, states []count
	f.ByState = map[partner.State]int64{}
	if err := s.From(ctx).Model(&citizenRow{}).Select("standing AS name, COUNT(*) AS n").Group("standing").Scan(&standings).Error; err != nil {
		return f, err
	}
	for _, c := range standings {
		f.Citizens += c.N
		switch portal.Standing(c.Name) {
		case portal.Invited:
			f.Invited = c.N
		case portal.NeedsCertificate:
			f.NeedCertificate = c.N
		}
	}
	if err := s.From(ctx).Model(&deliveryRow{}).Select("state AS name, COUNT(*) AS n").Group("state").Scan(&states).Error; err != nil {
		return f, err
	}
	for _, c := range states {
		f.ByState[partner.State(c.Name)] = c.N
	}
	return f, s.From(ctx).Model(&applicationRow{}).Count(&f.Applications).Error
}
