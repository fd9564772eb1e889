package store

import (
	"context"
	"errors"
	"slices"

	"github.com/uptrace/bun"
)

// SQLite has one transaction at a time that writes. PostgreSQL has many, and
// those of campaigns lock rows in one order, so that they wait for each other
// and never in a ring:
//
//	calls, live_calls  by the turns of calls, see Sessions.write
//	instances          by who changes jobs that wait: a dispatch; suspend, resume, cancel; submit, change, delete;
//	                   and kept by who puts anything into one, so that nobody deletes it meanwhile
//	job_groups         by who ends calls, and by who changes what a group is; by id
//	jobs               those that are called are changed by who has the group, all others by who has the instance
//	tasks              by who changes open tasks; by id
//	transfers
//
// There is one exception: a dispatch has the instance, and takes groups last.
// All it has by then is jobs that wait, and nobody who has a group asks for one
// of those without the instance.
const (
	// toChange keeps others from changing a row, but not from adding rows that
	// refer to it.
	toChange = "NO KEY UPDATE"
	// toKeep keeps a row from being deleted, no more.
	toKeep = "KEY SHARE"
)

// lock locks rows of a table until the transaction ends, in the order of their
// ids. Rows that there are not are passed over.
func (s *Store) lock(ctx context.Context, tx bun.Tx, table, how string, ids ...string) error {
	if !s.postgres || len(ids) == 0 {
		return nil
	}
	var locked []string
	return tx.NewSelect().Table(table).Column("id").Where("id IN (?)", bun.List(ids)).Order("id").For(how).Scan(ctx, &locked)
}

// holdInstance locks an instance, or returns a NotFoundError.
func (s *Store) holdInstance(ctx context.Context, tx bun.Tx, instance string) error {
	if err := s.lock(ctx, tx, "instances", toChange, instance); err != nil {
		return err
	}
	return inInstance(ctx, tx, instance)
}

// keepInstance is holdInstance for who puts something into an instance, which
// any number do at once.
func (s *Store) keepInstance(ctx context.Context, tx bun.Tx, instance string) error {
	if err := s.lock(ctx, tx, "instances", toKeep, instance); err != nil {
		return err
	}
	return inInstance(ctx, tx, instance)
}

// holdGroup locks a group and returns it as it is then.
func (s *Store) holdGroup(ctx context.Context, tx bun.Tx, how, instance, id string) (*JobGroup, error) {
	if err := s.lock(ctx, tx, "job_groups", how, id); err != nil {
		return nil, err
	}
	return jobGroup(ctx, tx, instance, id)
}

// errMoved says that what a transaction went by has changed while it ran.
var errMoved = errors.New("store: something changed meanwhile")

// often runs f in one transaction, anew where another one was in the way.
func (s *Store) often(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) (err error) {
	for range commitTries {
		if err = s.once(ctx, f); err == nil || !s.isTangled(err) {
			return err
		}
	}
	return err
}

// once is often for who tries again by themselves.
func (s *Store) once(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	return s.write.RunInTx(ctx, nil, f)
}

// isTangled reports whether a transaction failed only because of another one
// that ran at the same time.
func (s *Store) isTangled(err error) bool {
	return errors.Is(err, errMoved) || s.postgres && isInTheWay(err)
}

// unique returns the different ones of ids, in order.
func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
