package main

import (
	"context"
	"runtime"
	"runtime/debug"
)

type versionVerb struct{}

func (versionVerb) Help() string { return "Example:\n  jurat version --json" }

func (versionVerb) Run(ctx context.Context, c *call) error {
	version, revision := built()
	return c.either(map[string]string{"version": version, "revision": revision, "go": runtime.Version()}, "jurat %s (%s, %s)", version, revision, runtime.Version())
}

// built is the program's version and revision, as it was built.
func built() (version, revision string) {
	version, revision = "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return version, revision
}
