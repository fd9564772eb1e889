package store

import "github.com/uptrace/bun"

// DB is what the store writes through, for tests that look below it.
func (s *Store) DB() *bun.DB { return s.write }

// IsPostgres reports which of the two engines the store is on.
func (s *Store) IsPostgres() bool { return s.postgres }

// Record has every query shown to a hook, but for those of calls, which are
// prepared beforehand.
func (s *Store) Record(hook bun.QueryHook) {
	if s.read != s.write {
		s.read.AddQueryHook(hook)
	}
	s.write.AddQueryHook(hook)
}
