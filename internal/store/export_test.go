package store

import "github.com/uptrace/bun"

// DB is what the store writes through, for tests that look below it.
func (s *Store) DB() *bun.DB { return s.write }
