// Package web is the frame of the desks: pages for the officers of the
// municipal counter, the suspension desk and the ministry. It has the choice of
// desks, the sign-in, the bar above each desk, forms, and how a refusal is said.
// The desks themselves are authority/register/web and
// authority/accreditation/web; authority/web puts all into one house.
//
// An act always goes the same way: a form (why is required), a page that says
// what the act would do to which certificate, the confirmation, and a page that
// says what was done and when.
//
// Elements are marked for tests by data-testid:
//
//	officer, officer-key, signin          the sign-in form
//	office-<desk>                         a desk at /office: counter, suspension, verifiers, fees
//	field-<name>, kind-<kind>, why        the fields of any form; preview (the button), cancel
//
// A refusal has the class refusal.
package web
