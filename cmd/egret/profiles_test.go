package main

import (
	"testing"

	"egret/deploy/config"
)

func TestBuiltInProfilesAreListedAndShown(t *testing.T) {
	list := mustEgret(t, "profiles", "list")
	for _, p := range config.BuiltinProfiles() {
		wantText(t, list, p.ID)
		// What is shown is what a configuration may hold, under a name of its own.
		if _, err := config.Parse("egret.yaml", []byte("profiles:\n  - {id: mine, base: "+p.ID+"}\n"), anyEnvironment); err != nil {
			t.Error(err)
		}
		wantText(t, mustEgret(t, "profiles", "show", p.ID), "id: "+p.ID, "format: "+string(p.Format))
	}
	if _, problem, code := egret(t, "profiles", "show", "lorawan"); code != exitUsage {
		t.Errorf("an unknown profile ends with %d: %s", code, problem)
	} else {
		wantText(t, problem, `profile "lorawan" is not built in: use one of `)
	}
}
