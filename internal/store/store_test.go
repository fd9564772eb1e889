package store_test

import (
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// A store that is opened again, or twice at once, finds the schema in place.
func TestOpenAgain(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		storetest.Open(t, place)
		storetest.Open(t, place)
	})
}
