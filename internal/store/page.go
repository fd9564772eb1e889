package store

import (
	"context"
	"math"
	"strings"

	"github.com/uptrace/bun"
)

// containing is the pattern, with ESCAPE '!', of what contains a text.
func containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// Page asks for a part of a list. Both numbers are at least 1.
type Page struct{ Number, Size int }

// list reads one page of a query into rows and returns how many there are on
// all pages. The query must be in an order that is the same every time.
func list[Row any](ctx context.Context, q *bun.SelectQuery, p Page, rows *[]Row) (total int, err error) {
	offset := math.MaxInt32 // More than any list has, and the most that bun takes.
	if p.Number-1 < offset/p.Size {
		offset = (p.Number - 1) * p.Size
	}
	total, err = q.Limit(p.Size).Offset(offset).ScanAndCount(ctx)
	if *rows == nil {
		*rows = []Row{}
	}
	return total, err
}
