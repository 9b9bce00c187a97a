package rp

import "example.jp/jpkimock/authority/jpki"

// Meaning is what a status says about the holder of the certificate. A business
// decides by the meaning; the state and the reason say how the authority put it.
type Meaning string

// The meanings.
const (
	// MeansUnchanged: the certificate holds, and so does what it says.
	MeansUnchanged Meaning = "unchanged"
	// MeansMoved: name, address, date of birth or gender have changed (異動).
	MeansMoved Meaning = "moved"
	// MeansLeft: the holder has died, has left the register or has returned the
	// card (cessationOfOperation). No other certificate is to be expected.
	MeansLeft Meaning = "left"
	// MeansRenewed: another certificate took this one's place (更新, 再発行).
	// Nothing else has changed.
	MeansRenewed Meaning = "renewed"
	// MeansLost: revoked for any other reason, such as a lost card (紛失). It
	// says nothing about name and address.
	MeansLost Meaning = "lost"
	// MeansSuspended: the holder has asked to suspend it (一時保留).
	MeansSuspended Meaning = "suspended"
	// MeansExpired: past its validity. A change since then is recorded nowhere.
	MeansExpired Meaning = "expired"
	// MeansUnknown: the authority does not know the certificate.
	MeansUnknown Meaning = "unknown"
)

// Meaning says what the status means. It is "" for a Status without a state.
func (s Status) Meaning() Meaning {
	switch s.State {
	case Unchanged:
		return MeansUnchanged
	case Changed:
		return MeansMoved
	case Suspended:
		return MeansSuspended
	case Expired:
		return MeansExpired
	case Unknown:
		return MeansUnknown
	case Revoked:
		return meaningOf(s.Reason)
	}
	return ""
}

// Meaning says what the revocation means.
func (e *RevokedError) Meaning() Meaning {
	return Status{State: stateOf(e.Reason), Reason: e.Reason}.Meaning()
}

// meaningOf says what a revocation for a reason means that is neither a change
// nor a suspension.
func meaningOf(reason jpki.Reason) Meaning {
	switch reason {
	case jpki.CessationOfOperation:
		return MeansLeft
	case jpki.Superseded:
		return MeansRenewed
	}
	return MeansLost
}

// Final reports that nothing more can be learned about the holder from this
// certificate or a later one without hearing from the holder.
func (m Meaning) Final() bool { return m == MeansMoved || m == MeansLeft }

// Ended reports that the certificate holds no longer and its holder may have
// another one, which [Follow] looks for.
func (m Meaning) Ended() bool { return m == MeansRenewed || m == MeansLost || m == MeansExpired }
