package main

import (
	"runtime/debug"
	"testing"
)

func TestBuildVersion(t *testing.T) {
	platform := []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"}}
	commit := append(platform, debug.BuildSetting{Key: "vcs.revision", Value: "0123abcd"})
	changed := append(commit, debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	for name, test := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"release": {
			&debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v0.1.0"}, Settings: platform},
			"talkgraph v0.1.0, go1.26.0 linux/arm64",
		},
		"commit": {
			&debug.BuildInfo{GoVersion: "go1.26.0", Settings: commit},
			"talkgraph (devel), commit 0123abcd, go1.26.0 linux/arm64",
		},
		"changed": {
			&debug.BuildInfo{GoVersion: "go1.26.0", Settings: changed},
			"talkgraph (devel), commit 0123abcd with changes, go1.26.0 linux/arm64",
		},
		"none": {nil, "talkgraph (built without module information)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buildVersion(test.info, test.info != nil); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
