package rp

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
)

// Recognised is how a holder is known whose certificate had not been seen.
type Recognised struct {
	// Kind and Serial name the certificate by which the holder is known; zero if
	// the caller knows none of the holder's certificates.
	Kind   jpki.Kind
	Serial jpki.SerialNumber
	// Paired is the other certificate on the card, "" if there is none.
	Paired jpki.SerialNumber
}

// Known reports that the caller knows the holder.
func (r Recognised) Known() bool { return !r.Serial.IsZero() }

// Recognise finds by which certificate the caller knows the holder of one that it
// has never seen, which a customer has after a renewal or on a new card (更新,
// 再発行): by the other one on the same card, or by one that went before it. The
// authority alone can say so; its silence is an error, and nobody is recognised.
// Ask it only for a certificate that was verified and is not known: each question
// tells the authority whom the caller serves.
//
// known says whether a certificate is one of the caller's customers'; its error
// ends the search. The certificate itself is looked for once more at the end,
// since the same card may be recognised elsewhere at this moment.
func Recognise(ctx context.Context, l Links, kind jpki.Kind, serial jpki.SerialNumber,
	known func(context.Context, jpki.Kind, jpki.SerialNumber) (bool, error)) (Recognised, error) {
	paired, err := l.Pair(ctx, kind, serial)
	if err != nil {
		return Recognised{}, err
	}
	if !paired.IsZero() {
		if ok, err := known(ctx, kind.Other(), paired); err != nil || ok {
			return Recognised{Kind: kind.Other(), Serial: paired, Paired: paired}, err
		}
	}
	earlier, err := l.Predecessors(ctx, kind, serial)
	if err != nil {
		return Recognised{}, err
	}
	for _, s := range append(earlier, serial) {
		if ok, err := known(ctx, kind, s); err != nil || ok {
			return Recognised{Kind: kind, Serial: s, Paired: paired}, err
		}
	}
	return Recognised{Paired: paired}, nil
}
