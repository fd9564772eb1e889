package store

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/uptrace/bun"
)

// Audit is the record of one use of an action that changes things. It outlives
// what it is about.
type Audit struct {
	bun.BaseModel `bun:"table:audit"`

	RequestID  string `bun:",pk"`
	At         int64  `bun:",pk"`
	KeyID      string // Who: an access key, or somebody at the command line.
	Action     string // What.
	InstanceID string
	Target     string // The ids of what it was about.
	Code       string // What came of it: OK, or the code of an error.
}

// Audited returns a context for one use of an action. Its record is written in
// the first transaction that is committed with the context, so that there is no
// change without one, whenever the process ends. AddAudit tells what the use came
// to in the end.
func Audited(ctx context.Context, a Audit) context.Context {
	return context.WithValue(ctx, useKey{}, &use{record: a})
}

type useKey struct{}

// use is one use of an action that is going on.
type use struct {
	record  Audit
	written atomic.Bool
}

// useOf returns the use that a context is for; nil: nobody records it.
func useOf(ctx context.Context) *use {
	u, _ := ctx.Value(useKey{}).(*use)
	return u
}

// about adds an id to the record of a use, before anything is written.
func about(ctx context.Context, kind, id string) context.Context {
	u := useOf(ctx)
	if u == nil {
		return ctx
	}
	a := u.record
	a.Target = strings.TrimSpace(kind + "=" + id + " " + a.Target)
	return Audited(ctx, a)
}

// inTx runs f in one transaction: all that it writes is written, or nothing. The
// record of what it is done for is written with it. f is run anew where another
// transaction was in the way, so it must not build on what it did before.
func (s *Store) inTx(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	u := useOf(ctx)
	if u == nil || u.written.Load() {
		return s.often(ctx, f)
	}
	err := s.often(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := f(ctx, tx); err != nil {
			return err
		}
		return keepAudit(ctx, tx, u.record)
	})
	if err == nil {
		u.written.Store(true)
	}
	return err
}

// AddAudit keeps a record. One that a transaction has written already gets what
// came of the use, if that is anything else.
func (s *Store) AddAudit(ctx context.Context, a Audit) error {
	if u := useOf(ctx); u != nil && u.written.Load() && u.record == a {
		return nil
	}
	return keepAudit(ctx, s.write, a)
}

func keepAudit(ctx context.Context, db bun.IDB, a Audit) error {
	_, err := db.NewInsert().Model(&a).On("CONFLICT (at, request_id) DO UPDATE").
		Set("instance_id = EXCLUDED.instance_id").Set("target = EXCLUDED.target").Set("code = EXCLUDED.code").Exec(ctx)
	return err
}

// Audits returns the newest records, newest first.
func (s *Store) Audits(ctx context.Context, limit int) ([]Audit, error) {
	rows := []Audit{}
	err := s.read.NewSelect().Model(&rows).Order("at DESC", "request_id DESC").Limit(limit).Scan(ctx)
	return rows, err
}
