package account

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/talkgraph/talkgraph/internal/store"
)

const (
	mostTags = 20  // Of one resource.
	tagsPage = 100 // Bindings in one answer.
)

// TagResources gives each of the instances each of the tags.
func (a *Accounts) TagResources(ctx context.Context, instances []string, tags []store.TagPair) error {
	for i, tag := range tags {
		if slices.ContainsFunc(tags[:i], func(other store.TagPair) bool { return other.Key == tag.Key }) {
			return &store.InvalidError{Parameter: "Tag", Allowed: "Each key may be given once."}
		}
	}
	return a.store.TagInstances(ctx, distinct(instances), tags, mostTags)
}

// UntagResources takes the keys from the instances. Without keys it takes every
// tag, if all is true, and otherwise none.
func (a *Accounts) UntagResources(ctx context.Context, instances, keys []string, all bool) error {
	switch {
	case len(keys) > 0:
		keys = distinct(keys)
	case all:
		keys = nil
	default:
		keys = []string{""} // No tag has it.
	}
	return a.store.UntagInstances(ctx, distinct(instances), keys)
}

// ResourceTags returns bindings, in the order of resource and key, and the
// token that the next ones are got by, "" when these were the last. A binding
// is among them when its resource is, if there are any, and its tag is, if
// there are any.
func (a *Accounts) ResourceTags(ctx context.Context, instances []string, tags []store.TagPair, token string) ([]store.ResourceTag, string, error) {
	after, ok := readToken(token)
	if !ok {
		return nil, "", &store.InvalidError{Parameter: "NextToken", Allowed: "Send the NextToken of the previous answer."}
	}
	rows, err := a.store.ResourceTags(ctx, distinct(instances), tags, after, tagsPage+1)
	if err != nil || len(rows) <= tagsPage {
		return rows, "", err
	}
	rows = rows[:tagsPage]
	return rows, tokenOf(rows[tagsPage-1]), nil
}

// tokenOf names a place in the order of the bindings; ids hold no control
// character.
func tokenOf(last store.ResourceTag) string {
	return base64.RawURLEncoding.EncodeToString([]byte(last.ResourceID + "\n" + last.TagKey))
}

func readToken(token string) (after store.ResourceTag, ok bool) {
	if token == "" {
		return after, true
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return after, false
	}
	after.ResourceID, after.TagKey, ok = strings.Cut(string(text), "\n")
	return after, ok
}

// distinct returns the elements in order, each once.
func distinct(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
