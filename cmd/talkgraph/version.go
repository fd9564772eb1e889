package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print what this program was built from",
		Example: "  talkgraph version",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), buildVersion(debug.ReadBuildInfo()))
			return err
		},
	}
}

// buildVersion puts what the Go toolchain recorded in one line: the module's
// version, the commit, and the Go version and platform.
func buildVersion(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "talkgraph (built without module information)"
	}
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	line := "talkgraph " + version
	if commit := settings["vcs.revision"]; commit != "" {
		line += ", commit " + commit
		if settings["vcs.modified"] == "true" {
			line += " with changes"
		}
	}
	return fmt.Sprintf("%s, %s %s/%s", line, info.GoVersion, settings["GOOS"], settings["GOARCH"])
}
