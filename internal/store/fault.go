package store

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// NotFoundError says that there is no such thing where it was looked for. A
// thing of another instance or script is not there.
type NotFoundError struct{ Thing string } // Its kind, as the API spells it: Script.

func (e *NotFoundError) Error() string { return "there is no such " + e.Thing }

// TakenError says that a name which must be unique is taken.
type TakenError struct{ Field string } // The parameter that holds it, as the API spells it: ScriptName.

func (e *TakenError) Error() string { return e.Field + " is taken" }

// InvalidError says that a value may not be; Allowed is a sentence that says
// what may.
type InvalidError struct{ Parameter, Allowed string }

func (e *InvalidError) Error() string { return e.Parameter + " is invalid. " + e.Allowed }

// found gives sql.ErrNoRows its meaning.
func found(thing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &NotFoundError{Thing: thing}
	}
	return err
}

// taken gives the violation of a unique index its meaning.
func taken(field string, err error) error {
	if isUnique(err) {
		return &TakenError{Field: field}
	}
	return err
}

// changed is found for statements that return no row: nothing changed where
// nothing was.
func changed(thing string, result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return &NotFoundError{Thing: thing}
	}
	return err
}

func isUnique(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// isInTheWay reports whether another process kept a transaction from being
// committed that may be committed when it is tried again.
func isInTheWay(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") // A serialization failure, a deadlock.
}

// isOfRow reports whether an engine refused what was in a row, as against not
// being able to write any.
func isOfRow(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		code := lite.Code() & 0xff
		return code == sqlite3.SQLITE_CONSTRAINT || code == sqlite3.SQLITE_TOOBIG
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || len(pg.Code) < 2 {
		return false
	}
	switch pg.Code[:2] {
	case "22", "23", "54": // Bad data, a broken constraint, a limit of the program.
		return true
	}
	return false
}

// MissingError says that a parameter is missing that is needed here, although
// not always.
type MissingError struct{ Parameter string }

func (e *MissingError) Error() string { return e.Parameter + " is missing" }
