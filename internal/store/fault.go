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
