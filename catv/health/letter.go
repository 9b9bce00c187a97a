package health

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/catv"
)

// MessageID is the number of a message from the public-health nurse.
type MessageID int64

// AnswerSet names the buttons that a message offers.
type AnswerSet string

// Choice is one button of a message.
type Choice struct {
	ID   string
	Name catv.Name
}

// Message is a message from the public-health nurse (保健師) to a viewer.
type Message struct {
	ID     MessageID
	Viewer catv.ViewerID
	From   catv.Name
	Text   catv.Name
	At     time.Time
	// Answers names the buttons; empty for a message that wants no answer.
	Answers    AnswerSet
	Answer     string // a Choice's ID; empty while there is none
	AnsweredAt time.Time
	ReadAt     time.Time
}

// Choices gives the message's buttons.
func (m Message) Choices() []Choice { return Choices(m.Answers) }

// Answered gives the choice that was made; false while there is none.
func (m Message) Answered() (Choice, bool) {
	i := slices.IndexFunc(m.Choices(), func(c Choice) bool { return c.ID == m.Answer })
	if i < 0 {
		return Choice{}, false
	}
	return m.Choices()[i], true
}

// ReminderID is the number of a reminder.
type ReminderID int64

// Reminder is something to be done by a day (お知らせ・予定).
type Reminder struct {
	ID     ReminderID
	Viewer catv.ViewerID
	Text   catv.Name
	Due    catv.Day
	DoneAt time.Time
}

// maxText is the longest text of the nurse, in characters.
const maxText = 400

// Messages gives a viewer's own messages, newest first. They are never shared.
func (s *Service) Messages(ctx context.Context, me catv.ViewerID) ([]Message, error) {
	return s.store.Messages(ctx, me)
}

// Message gives one message of one's own, and marks it as read. Another's is
// ErrNoMessage, as one that is not there.
func (s *Service) Message(ctx context.Context, me catv.ViewerID, id MessageID) (Message, error) {
	return s.store.ReadMessage(ctx, me, id, s.now().UTC())
}

// Answer answers a message of one's own, once.
func (s *Service) Answer(ctx context.Context, me catv.ViewerID, id MessageID, choice string) error {
	m, err := s.store.ReadMessage(ctx, me, id, s.now().UTC())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Choices(), func(c Choice) bool { return c.ID == choice }) {
		return ErrNoChoice
	}
	return s.store.AnswerMessage(ctx, me, id, choice, s.now().UTC())
}

// Write sends a message of the nurse.
func (s *Service) Write(ctx context.Context, m Message) error {
	if err := checkText(m.Text.JA); err != nil {
		return err
	}
	if m.Text.EN != "" {
		if err := checkText(m.Text.EN); err != nil {
			return err
		}
	}
	if m.Answers != "" && len(Choices(m.Answers)) == 0 {
		return ErrNoChoice
	}
	if _, err := s.household.Viewer(ctx, m.Viewer); err != nil {
		return err
	}
	m.At = s.now().UTC()
	return s.store.AddMessage(ctx, m)
}

// Reminders gives a viewer's own reminders, by day; those done long ago are left
// out.
func (s *Service) Reminders(ctx context.Context, me catv.ViewerID) ([]Reminder, error) {
	return s.store.Reminders(ctx, me, s.now().AddDate(0, 0, -14))
}

// Done marks a reminder of one's own as done.
func (s *Service) Done(ctx context.Context, me catv.ViewerID, id ReminderID) error {
	return s.store.FinishReminder(ctx, me, id, s.now().UTC())
}

// Remind enters a reminder.
func (s *Service) Remind(ctx context.Context, r Reminder) error {
	if err := checkText(r.Text.JA); err != nil {
		return err
	}
	if today := s.today(); r.Due < today || r.Due > today+366 {
		return ErrNotInTheDay
	}
	if _, err := s.household.Viewer(ctx, r.Viewer); err != nil {
		return err
	}
	return s.store.AddReminder(ctx, r)
}

// welcome writes to somebody who uses the health service for the first time.
func (s *Service) welcome(ctx context.Context, id catv.ViewerID) error {
	place, err := s.household.PlaceOf(ctx, id)
	if err != nil {
		return err
	}
	now := s.now().UTC()
	messages, reminders := welcomeLetters(place.Profile, s.today())
	for i, m := range messages {
		m.Viewer, m.At = id, now.Add(-time.Duration(len(messages)-i)*26*time.Hour)
		if err := s.store.AddMessage(ctx, m); err != nil {
			return err
		}
	}
	for _, r := range reminders {
		r.Viewer = id
		if err := s.store.AddReminder(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func checkText(s string) error {
	if n := utf8.RuneCountInString(s); strings.TrimSpace(s) == "" || n > maxText || !utf8.ValidString(s) {
		return ErrText
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\r' {
			return ErrText
		}
	}
	return nil
}
