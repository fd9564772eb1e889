package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// variableOf returns the environment variable that stands for a flag.
func variableOf(flag string) string {
	return "TALKGRAPH_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// nameVariables says in the help of each flag which variable stands for it.
func nameVariables(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) { f.Usage += " [$" + variableOf(f.Name) + "]" })
}

// readVariables sets the flags that the command line does not from the
// environment: a flag counts before its variable, and that before the default.
// An empty variable is none.
func readVariables(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		variable := variableOf(f.Name)
		value := os.Getenv(variable)
		if err != nil || f.Changed || value == "" {
			return
		}
		if bad := f.Value.Set(value); bad != nil {
			err = usageError{fmt.Errorf("%s is %q: %w", variable, value, bad)}
		}
	})
	return err
}
