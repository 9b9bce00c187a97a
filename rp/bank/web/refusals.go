package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

var (
	errNotYours  = errors.New("bank: web: the signed-in customer has nothing at this address")
	errNoKey     = errors.New("bank: web: a transfer of a program needs the header Idempotency-Key")
	errNoPending = errors.New("bank: web: no transfer of this key waits for confirmation")
)

// refusal is a line of the table: an error, how it leaves over HTTP, the words
// for people, and the ways out, the first of which is the one to take.
type refusal struct {
	is     error
	status int
	code   string
	say    saying
	next   []way
}

// calm reports that what was asked for stands already.
func (r refusal) calm() bool {
	return errors.Is(r.is, bank.ErrNothingChanged) || errors.Is(r.is, bank.ErrConsentStands) || errors.Is(r.is, bank.ErrConsentWithdrawn)
}

// refusals is the one table of everything the bank refuses. The first line
// that an error matches is taken, so the particular stands above the general.
var refusals = []refusal{
	// What the authority says of the certificate.
	{rp.ErrSuspended, http.StatusForbidden, "suspended", saySuspended, []way{toHelp}},
	{rp.ErrRevoked, http.StatusForbidden, "revoked", sayRevoked, []way{toHelp}},
	{rp.ErrExpired, http.StatusForbidden, "expired", sayExpired, []way{toHelp}},
	{rp.ErrNotYetValid, http.StatusForbidden, "not_yet_valid", sayNotYetValid, []way{again}},
	{rp.ErrStatusUnknown, http.StatusForbidden, "status_unknown", sayStatusUnknown, []way{toHelp}},
	{rp.ErrNotAccredited, http.StatusServiceUnavailable, "not_accredited", sayNotAccredited, []way{toFront}},
	{rp.ErrStatusResponder, http.StatusServiceUnavailable, "status_responder", sayStatusResponder, []way{again}},
	{rp.ErrStatusMissing, http.StatusServiceUnavailable, "status_missing", sayStatusMissing, []way{again}},
	{rp.ErrStatusStale, http.StatusServiceUnavailable, "status_stale", sayStatusStale, []way{again}},
	{rp.ErrStatusNonce, http.StatusServiceUnavailable, "status_nonce", sayStatusNonce, []way{again}},
	{rp.ErrStatusUnavailable, http.StatusServiceUnavailable, "status_unavailable", sayStatusUnavailable, []way{again}},

	// What the certificate is.
	{rp.ErrKind, http.StatusUnprocessableEntity, "wrong_kind", sayKind, []way{again}},
	{rp.ErrChain, http.StatusForbidden, "untrusted", sayChain, []way{toHelp}},
	{rp.ErrBasicConstraints, http.StatusForbidden, "certificate_is_ca", sayBasicConstraints, []way{toHelp}},
	{rp.ErrKeyUsage, http.StatusForbidden, "key_usage", sayKeyUsage, []way{toHelp}},
	{rp.ErrPolicy, http.StatusForbidden, "policy", sayPolicy, []way{toHelp}},
	{rp.ErrCriticalExtension, http.StatusForbidden, "critical_extension", sayCriticalExtension, []way{toHelp}},

	// What was signed.
	{rp.ErrDocumentExpired, http.StatusConflict, "draft_expired", sayDraftExpired, []way{startOver}},
	{rp.ErrDigest, http.StatusUnprocessableEntity, "tampered", sayDigest, []way{again, startOver}},
	{rp.ErrSignature, http.StatusUnprocessableEntity, "bad_signature", saySignature, []way{again}},
	{rp.ErrSignerIdentifier, http.StatusUnprocessableEntity, "signer_identifier", saySignerIdentifier, []way{again}},
	{rp.ErrAlgorithm, http.StatusUnprocessableEntity, "algorithm", sayAlgorithm, []way{toHelp}},
	{rp.ErrOrigin, http.StatusForbidden, "origin", sayOrigin, []way{toSignIn}},
	{rp.ErrChallengeExpired, http.StatusConflict, "challenge_expired", sayChallengeExpired, []way{toSignIn}},
	{rp.ErrChallenge, http.StatusConflict, "challenge_used", sayChallenge, []way{toSignIn}},
	{rp.ErrTooManyChallenges, http.StatusServiceUnavailable, "busy", sayBusy, []way{toSignIn}},
	{rp.ErrTooLarge, http.StatusRequestEntityTooLarge, "too_large", sayTooLarge, []way{again}},
	{rp.ErrMalformed, http.StatusUnprocessableEntity, "malformed", sayMalformed, []way{again}},

	// The bank's own rules.
	{bank.ErrAlreadyCustomer, http.StatusConflict, "already_customer", sayAlreadyCustomer, []way{toSignIn, toFront}},
	{bank.ErrUnknownHolder, http.StatusForbidden, "unknown_holder", sayUnknownHolder, []way{toOpening, toNewChange, toSignIn}},
	{bank.ErrApplicationUsed, http.StatusConflict, "application_used", sayApplicationUsed, []way{startOver, toSignIn}},
	{bank.ErrTooYoung, http.StatusForbidden, "too_young", sayTooYoung, []way{toFront}},
	{bank.ErrPurpose, http.StatusUnprocessableEntity, "purpose", sayPurpose, []way{startOver}},
	{bank.ErrBranch, http.StatusUnprocessableEntity, "branch", sayBranch, []way{startOver}},
	{bank.ErrAccountNumber, http.StatusUnprocessableEntity, "account_number", sayAccountNumber, []way{toTransfer}},
	{bank.ErrNoAccount, http.StatusNotFound, "no_account", sayNoAccount, []way{toTransfer}},
	{bank.ErrSameAccount, http.StatusUnprocessableEntity, "same_account", saySameAccount, []way{toTransfer}},
	{bank.ErrAmount, http.StatusUnprocessableEntity, "amount", sayAmount, []way{toTransfer}},
	{bank.ErrMemo, http.StatusUnprocessableEntity, "memo", sayMemo, []way{toTransfer}},
	{bank.ErrInsufficientFunds, http.StatusConflict, "insufficient_funds", sayInsufficient, []way{toTransfer, toAccount}},
	{bank.ErrKey, http.StatusBadRequest, "idempotency_key", sayKey, []way{toTransfer}},
	{bank.ErrKeyReused, http.StatusConflict, "idempotency_key_reused", sayKeyReused, []way{toAccount}},
	{bank.ErrAnotherPerson, http.StatusForbidden, "another_person", sayAnotherPerson, []way{again, toAccount}},
	{bank.ErrNothingChanged, http.StatusConflict, "nothing_changed", sayNothingChanged, []way{toAccount}},
	{bank.ErrOtherCertificate, http.StatusConflict, "other_certificate", sayOtherCertificate, []way{toNewChange, toConsent}},
	{bank.ErrRecordMoved, http.StatusConflict, "record_moved", sayRecordMoved, []way{toAccount}},
	{bank.ErrConsentStands, http.StatusConflict, "consent_stands", sayConsentStands, []way{toConsent}},
	{bank.ErrConsentWithdrawn, http.StatusConflict, "consent_withdrawn", sayConsentWithdrawn, []way{toConsent}},
	{bank.ErrNoNotice, http.StatusNotFound, "no_notice", sayNoNotice, []way{toInbox, toAccount}},
	{bank.ErrNoReport, http.StatusNotFound, "no_report", sayNoReport, []way{toSweeps}},
	{bank.ErrConfirmation, http.StatusServiceUnavailable, "confirmation_failed", sayConfirmation, []way{toSweeps}},
	{errStaffKey, http.StatusForbidden, "staff_key", sayStaffKey, []way{toStaffSignIn}},
	{errStaffClosed, http.StatusForbidden, "staff_closed", sayStaffClosed, []way{toFront}},
	{errNoKey, http.StatusBadRequest, "idempotency_key_missing", sayNoKey, []way{toTransfer}},
	{errNoPending, http.StatusConflict, "nothing_to_confirm", sayNoPending, []way{toTransfer, toAccount}},
	{errNotYours, http.StatusNotFound, "not_yours", sayNotYours, []way{toAccount}},
}

// match finds an error's line.
func match(err error) (refusal, bool) {
	var ended *endedError
	if errors.As(err, &ended) {
		return ended.refusal(), true
	}
	if r, ok := matchUpkeep(err); ok {
		return r, true
	}
	return find(refusals, err)
}

func find(table []refusal, err error) (refusal, bool) {
	for _, r := range table {
		if errors.Is(err, r.is) {
			return r, true
		}
	}
	return refusal{}, false
}

// refusal says why there is no session.
func (e *endedError) refusal() refusal {
	r := refusal{is: e, status: http.StatusUnauthorized, next: []way{toSignIn, toFront}}
	switch e.Need {
	case needDraft:
		r.status, r.next = http.StatusConflict, []way{startOver, toSignIn}
	case needNonce:
		r.status = http.StatusConflict
	case needPaper:
		r.status, r.next = http.StatusConflict, []way{toNewChange, toSignIn}
	case needClerk:
		return refusal{is: e, status: http.StatusUnauthorized, code: "staff_signed_out", say: sayStaffSignedOut, next: []way{toStaffSignIn}}
	}
	switch {
	case e.Why == session.EndedIdle:
		r.code, r.say = "session_idle", sayEndedIdle
	case e.Why == session.EndedByAge:
		r.code, r.say = "session_age", sayEndedByAge
	case e.Why == session.EndedElsewhere:
		r.code, r.say = "session_gone", sayEndedElsewhere
	case e.Need == needDraft:
		r.code, r.say = "no_draft", sayNoDraft
	case e.Need == needNonce:
		r.code, r.say = "no_challenge", sayNoChallenge
	case e.Need == needPaper:
		r.code, r.say = "no_paper", sayNoPaper
	default:
		r.code, r.say = "signed_out", saySignedOut
	}
	return r
}

// explainProblem gives an error's status and code for programs.
func explainProblem(err error) (door.Problem, bool) {
	r, ok := match(err)
	if !ok {
		return door.Problem{}, false
	}
	p := door.Problem{Status: r.status, Code: r.code, Detail: err.Error(), Extra: map[string]any{}}
	var revoked *rp.RevokedError
	if errors.As(err, &revoked) {
		p.Extra["reason"], p.Extra["at"], p.Extra["serial"] = revoked.Reason, revoked.At.UTC().Format(time.RFC3339), revoked.Serial
	}
	var check *rp.CheckError
	if errors.As(err, &check) {
		p.Extra["check"], p.Extra["expected"], p.Extra["found"] = check.Check, check.Expected.String(), check.Found.String()
	}
	return p, true
}

// explainPage gives an error's page: what happened, why, what to do.
func explainPage(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	ja, en := particulars(err)
	page := ui.Refusal{
		Status: r.status, Calm: r.calm(), Detail: r.code + "\n" + err.Error(),
		Title: ui.Text{JA: ja.Replace(r.say.title.JA), EN: en.Replace(r.say.title.EN)},
		Body: ui.Text{
			JA: ja.Replace(r.say.why.JA + "\n" + r.say.do.JA),
			EN: en.Replace(r.say.why.EN + "\n" + r.say.do.EN),
		},
	}
	for i, w := range r.next {
		link := wayOut(w, err)
		link.Primary = i == 0
		page.Next = append(page.Next, link)
	}
	if last := r.next[len(r.next)-1]; last != toFront && !last.inside() {
		page.Next = append(page.Next, wayOut(toFront, err))
	}
	return page, true
}

// particulars fills what a sentence leaves open: the kind of certificate, when
// and why it was revoked, whose account is there.
func particulars(err error) (ja, en *strings.Replacer) {
	j, e := []string{}, []string{}
	put := func(name, ja, en string) { j, e = append(j, name, ja), append(e, name, en) }
	kind := kindOf(err)
	if kind.Valid() {
		put("{kind}", kind.Japanese(), kindEN(kind))
		put("{other}", kind.Other().Japanese(), kindEN(kind.Other()))
	}
	put("{kind}", "電子証明書", "certificate")
	put("{other}", "別の種別の電子証明書", "other certificate")
	var revoked *rp.RevokedError
	if errors.As(err, &revoked) {
		put("{at}", momentJA(revoked.At), momentEN(revoked.At))
		put("{reason}", revoked.Reason.Japanese(), reasonEN(revoked.Reason))
		advice := adviceFor(revoked.Reason, kind)
		put("{advice}", advice.JA, advice.EN)
	}
	put("{at}", "日時不明", "a time not told")
	put("{reason}", "失効事由は不明です", "no reason was told")
	put("{advice}", adviceFor(jpki.Unspecified, kind).JA, adviceFor(jpki.Unspecified, kind).EN)
	var there *bank.AlreadyCustomerError
	if errors.As(err, &there) {
		put("{account}", string(there.Account), string(there.Account))
		put("{since}", dayJA(there.Since), dayEN(there.Since))
	}
	return strings.NewReplacer(j...), strings.NewReplacer(e...)
}

func kindOf(err error) jpki.Kind {
	var check *rp.CheckError
	if errors.As(err, &check) {
		return check.Kind
	}
	return 0
}
