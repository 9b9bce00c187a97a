package health

import (
	"context"
	"time"

	"example.jp/jpkimock/catv"
)

// Store keeps health information. What a method has returned without an error is
// committed. The room db has one.
type Store interface {
	// PutReading takes the place of one of the same viewer, day and measure.
	PutReading(ctx context.Context, r Reading) error
	Readings(ctx context.Context, of catv.ViewerID, first, last catv.Day) ([]Reading, error)
	// PutCheckup takes the place of one of the same viewer and day.
	PutCheckup(ctx context.Context, c Checkup) error
	Checkups(ctx context.Context, of catv.ViewerID) ([]Checkup, error)

	AddMessage(ctx context.Context, m Message) error
	Messages(ctx context.Context, of catv.ViewerID) ([]Message, error)
	// ReadMessage marks as read; ErrNoMessage for one of another viewer.
	ReadMessage(ctx context.Context, of catv.ViewerID, id MessageID, at time.Time) (Message, error)
	// AnswerMessage gives ErrAnswered if there is an answer.
	AnswerMessage(ctx context.Context, of catv.ViewerID, id MessageID, choice string, at time.Time) error
	AddReminder(ctx context.Context, r Reminder) error
	// Reminders leaves out those done before a time.
	Reminders(ctx context.Context, of catv.ViewerID, doneSince time.Time) ([]Reminder, error)
	// FinishReminder gives ErrNoReminder for one of another viewer.
	FinishReminder(ctx context.Context, of catv.ViewerID, id ReminderID, at time.Time) error

	// Share gives an owner's consent that holds, or ErrNotYours.
	Share(ctx context.Context, owner catv.ViewerID) (Share, error)
	PutShare(ctx context.Context, s Share) error
	EndShare(ctx context.Context, owner catv.ViewerID, at time.Time) error
	SharedTo(ctx context.Context, with catv.ViewerID) ([]catv.Viewer, error)
}
