// Package store keeps everything that must outlive the process: instances,
// scripts and their versions, calls and their transcripts. It holds all SQL of
// the module, in one text for two engines: SQLite, in one file and without
// another process, and PostgreSQL, which many servers may share.
//
//	store.go       opening: the engine, the connections
//	migrate.go     the schema, forward only; the files are in migrations/
//	lock.go        what only one process at a time may do
//	fault.go       what can go wrong, in words that every floor above knows
//	page.go        paging, the same for every list
//
// and a file for each kind of thing, with its row type and its repository.
//
// Repositories are values of concrete types, safe for concurrent use. Times are
// Unix milliseconds, in UTC. A method that writes several rows writes all of
// them or none.
package store
