// Package accreditation is the ministry's part of the authority (主務大臣): the
// register of accredited verifiers, the applications to be one, the tariff, and
// the ledger by which verifiers are charged for revocation information
// (失効情報提供手数料).
package accreditation
