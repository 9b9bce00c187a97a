package virtualcard

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/jpkiap"
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
func (c *chip) verify(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
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
		return refuse(apdu.WrongPIN(c.card.Slots[f.of].TriesLeft))
	}
	return c.try(ctx, f.of, cmd.Data)
}

// try pays for a comparison, compares, and gives the tries back for the right PIN.
// The answer waits for each commit. If the store cannot take the payment nothing
// is compared, and the error is the same whatever the PIN was.
func (c *chip) try(ctx context.Context, k jpki.Kind, pin []byte) (apdu.Response, error) {
	c.verified[k] = false
	left, spent, err := c.memory.spendTry(ctx, k)
	if err != nil {
		return apdu.Response{}, err
	}
	c.setTries(k, left)
	switch {
	case !spent:
		return refuse(apdu.ReferenceBlocked)
	case !secret.Equal(c.card.Slots[k].PIN, pin):
		return refuse(apdu.WrongPIN(left))
	}
	tries := jpkiap.PINRuleOf(k).Tries
	if err := c.memory.restoreTries(context.WithoutCancel(ctx), k, tries); err != nil {
		return apdu.Response{}, err
	}
	c.setTries(k, tries)
	c.verified[k] = true
	return refuse(apdu.OK)
}

func (c *chip) setTries(k jpki.Kind, tries int) {
	slot := c.card.Slots[k]
	slot.TriesLeft = tries
	c.card.Slots[k] = slot
}

// changeReferenceData is CHANGE REFERENCE DATA, 00 24 01 P2 Lc newPIN, after
// VERIFY of the old PIN. P2 as for VERIFY. 9000 once the new PIN is in the
// store, with all its tries; 6982 without VERIFY; 6700 or 6A80 for what cannot
// be such a PIN by length or by characters.
func (c *chip) changeReferenceData(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 != 0x01 {
		return refuse(apdu.WrongP1P2)
	}
	f, sw := c.reference(cmd.P2, pinFile)
	if sw != apdu.OK {
		return refuse(sw)
	}
	rule := jpkiap.PINRuleOf(f.of)
	switch {
	case len(cmd.Data) < rule.Min || len(cmd.Data) > rule.Max || cmd.HasLe():
		return refuse(apdu.WrongLength)
	case !c.verified[f.of]:
		return refuse(apdu.NotVerified)
	case jpkiap.CheckPIN(f.of, string(cmd.Data)) != nil:
		return refuse(apdu.WrongData)
	}
	if err := c.memory.changePIN(ctx, f.of, cmd.Data); err != nil {
		return apdu.Response{}, err
	}
	c.card.setPIN(f.of, cmd.Data)
	return refuse(apdu.OK)
}
