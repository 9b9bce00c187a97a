package chip

import (
	"context"
	"slices"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/internal/secret"
)

// longestPIN is the longest PIN that a card compares; longer data is refused and
// spends no try.
const longestPIN = 16

// verify is VERIFY, 00 20 00 P2 [Lc PIN]. P2 is 80 for the current EF, or
// 80|sfi (98 for 0018, 9B for 001B).
//
// Without data (four bytes, case 1) it asks for the tries left: always 63Cx,
// also when the PIN has been verified, and 63C0 when it is blocked, because
// clients fail on anything else. Nothing is spent.
//
// With data (1 to 16 bytes, ASCII, compared byte for byte) a try is taken from the
// store before the comparison, so that neither a loss of power nor a failing store
// makes a comparison free: 9000 and all tries restored; 63Cx for a
// wrong one, 63C0 for the one that blocks; 6984 when it is blocked already or none
// was ever set.
func (c *Chip) verify(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 != 0 {
		return refuse(apdu.WrongP1P2)
	}
	f, sw := c.reference(cmd.P2, pinFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case len(cmd.Data) > longestPIN || cmd.HasLe():
		return refuse(apdu.WrongLength)
	case len(cmd.Data) == 0:
		return refuse(apdu.WrongPIN(c.card.References[f.ref].TriesLeft))
	case f.ref == blocked:
		return refuse(apdu.ReferenceBlocked)
	}
	return c.try(ctx, f.ref, cmd.Data)
}

// try pays for a comparison, compares, and gives the tries back for the right PIN.
// The answer waits for each commit. If the store cannot take the payment nothing
// is compared, and the error is the same whatever the PIN was.
func (c *Chip) try(ctx context.Context, r Ref, pin []byte) (apdu.Response, error) {
	c.verified[r] = false
	left, spent, err := c.memory.SpendTry(ctx, r)
	if err != nil {
		return apdu.Response{}, err
	}
	c.setTries(r, left)
	switch {
	case !spent:
		return refuse(apdu.ReferenceBlocked)
	case !secret.Equal(c.expected(r), pin):
		return refuse(apdu.WrongPIN(left))
	}
	tries := r.rule().Tries
	if err := c.memory.RestoreTries(context.WithoutCancel(ctx), r, tries); err != nil {
		return apdu.Response{}, err
	}
	c.setTries(r, tries)
	c.verified[r] = true
	return refuse(apdu.OK)
}

// expected is what a reference is compared with.
func (c *Chip) expected(r Ref) secret.Value {
	if number, ok := r.printed(c.card.Record); ok {
		return secret.New([]byte(number))
	}
	return c.card.References[r].PIN
}

// changeReferenceData is CHANGE REFERENCE DATA, 00 24 01 P2 Lc newPIN, after
// VERIFY of the old PIN. P2 as for VERIFY. 9000 once the new PIN is in the
// store, with all its tries; 6982 without VERIFY; 6700 or 6A80 for what cannot
// be such a PIN by length or by characters; 6985 for a number that is printed on the
// card, and in the applications that have CHANGE KEY.
func (c *Chip) changeReferenceData(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 != 0x01 {
		return refuse(apdu.WrongP1P2)
	}
	return c.changePIN(ctx, cmd, SignaturePIN, AuthenticationPIN, TextPIN)
}

// changeKey is CHANGE KEY of JICSAP, 80 32 00 P2 Lc newPIN, which the register and the
// common application have in the place of CHANGE REFERENCE DATA.
func (c *Chip) changeKey(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 != 0x00 {
		return refuse(apdu.WrongP1P2)
	}
	return c.changePIN(ctx, cmd, RegisterPIN, CommonPIN)
}

// changePIN changes one of these PINs, if it has been verified.
func (c *Chip) changePIN(ctx context.Context, cmd apdu.Command, these ...Ref) (apdu.Response, error) {
	f, sw := c.reference(cmd.P2, pinFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case !slices.Contains(these, f.ref):
		return refuse(apdu.ConditionsNotMet)
	}
	rule := f.ref.rule()
	switch {
	case len(cmd.Data) < rule.Min || len(cmd.Data) > rule.Max || cmd.HasLe():
		return refuse(apdu.WrongLength)
	case !c.verified[f.ref]:
		return refuse(apdu.NotVerified)
	case f.ref.CheckPIN(string(cmd.Data)) != nil:
		return refuse(apdu.WrongData)
	}
	if err := c.memory.ChangePIN(ctx, f.ref, cmd.Data); err != nil {
		return apdu.Response{}, err
	}
	c.card.References[f.ref] = Reference{secret.New(cmd.Data), f.ref.Tries()}
	return refuse(apdu.OK)
}

// setTries keeps the chip's count of tries.
func (c *Chip) setTries(r Ref, tries int) {
	kept := c.card.References[r]
	kept.TriesLeft = tries
	c.card.References[r] = kept
}
