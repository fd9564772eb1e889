// Package rapidseed makes the property tests of a package draw the same values
// in every run, so that a commit which was green stays so. A test file imports
// it for its effect. To draw others: go test -rapid.seed=0, as make fuzz does.
package rapidseed

import (
	"flag"

	_ "pgregory.net/rapid" // Defines the flag.
)

func init() { //nolint:gochecknoinits // Its effect on the flag is what it is for.
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}
