package account

import (
	"context"
	"regexp"

	"github.com/talkgraph/talkgraph/internal/store"
)

// dialable is what a number looks like: digits, perhaps after a plus, as a
// gateway dials it.
var dialable = regexp.MustCompile(`^\+?[0-9*#-]{1,32}$`)

func checkNumber(number string) error {
	if !dialable.MatchString(number) {
		return &store.InvalidError{Parameter: "Number", Allowed: "It must be 1 to 32 digits, * # or -, perhaps after a +."}
	}
	return nil
}

// CreateNumber gives an instance a number to call from.
func (a *Accounts) CreateNumber(ctx context.Context, n store.OutboundNumber) (*store.OutboundNumber, error) {
	if err := checkNumber(n.Number); err != nil {
		return nil, err
	}
	return a.store.CreateOutboundNumber(ctx, n)
}

// ModifyNumber changes a number of an instance.
func (a *Accounts) ModifyNumber(ctx context.Context, n store.OutboundNumber) error {
	if err := checkNumber(n.Number); err != nil {
		return err
	}
	return a.store.UpdateOutboundNumber(ctx, n)
}

// DeleteNumber takes a number from an instance.
func (a *Accounts) DeleteNumber(ctx context.Context, instance, id string) error {
	return a.store.DeleteOutboundNumber(ctx, instance, id)
}

// Numbers returns a page of the numbers of an instance, newest first, and how
// many there are.
func (a *Accounts) Numbers(ctx context.Context, instance string, p store.Page) ([]store.OutboundNumber, int, error) {
	return a.store.OutboundNumbers(ctx, instance, p)
}
