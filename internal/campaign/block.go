package campaign

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/talkgraph/talkgraph/internal/store"
)

// maxBlocked is how many numbers one call may put on a block list.
const maxBlocked = 10000

// Block puts numbers on the block list of an instance, given as texts: each a
// number, or a JSON object or array of objects with phoneNumber, name and
// remark. It returns how many. From now on the numbers are not called.
func (c *Campaigns) Block(ctx context.Context, instance string, texts []string) (int, error) {
	var numbers []store.BlockedNumber
	for _, text := range texts {
		read, err := parseBlocked(text)
		if err != nil {
			return 0, err
		}
		numbers = append(numbers, read...)
	}
	switch {
	case len(numbers) == 0:
		return 0, &store.MissingError{Parameter: "ContactBlockListsJson"}
	case len(numbers) > maxBlocked:
		return 0, &store.InvalidError{Parameter: "ContactBlockListsJson", Allowed: fmt.Sprintf("It may have at most %d numbers.", maxBlocked)}
	}
	return c.o.Store.BlockNumbers(ctx, instance, numbers)
}

func parseBlocked(text string) ([]store.BlockedNumber, error) {
	type entry struct {
		PhoneNumber string `json:"phoneNumber"`
		Name        string `json:"name"`
		Remark      string `json:"remark"`
	}
	var entries []entry
	switch {
	case text == "":
		return nil, nil
	case text[0] == '[':
		if json.Unmarshal([]byte(text), &entries) != nil {
			return nil, notBlockable()
		}
	case text[0] == '{':
		entries = make([]entry, 1)
		if json.Unmarshal([]byte(text), &entries[0]) != nil {
			return nil, notBlockable()
		}
	default:
		entries = []entry{{PhoneNumber: text}}
	}
	numbers := make([]store.BlockedNumber, len(entries))
	for i, e := range entries {
		number, ok := Number(e.PhoneNumber)
		if !ok || tooLong(maxText, e.Name, e.Remark) {
			return nil, notBlockable()
		}
		numbers[i] = store.BlockedNumber{Number: number, Name: e.Name, Remark: e.Remark}
	}
	return numbers, nil
}

func notBlockable() error {
	return &store.InvalidError{Parameter: "ContactBlockListsJson",
		Allowed: `It must be a JSON array such as [{"phoneNumber":"13800000000","name":"王芳","remark":"投诉"}].`}
}

// Blocked returns a page of the block list of an instance, the newest first.
func (c *Campaigns) Blocked(ctx context.Context, instance string, p store.Page) ([]store.BlockedNumber, int, error) {
	return c.o.Store.BlockedNumbers(ctx, instance, p)
}

// Unblock takes an entry off the block list.
func (c *Campaigns) Unblock(ctx context.Context, instance, id string) error {
	return c.o.Store.UnblockNumber(ctx, instance, id)
}
