package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"egret/deploy/config"
)

func TestPacksAreListed(t *testing.T) {
	const golden = "testdata/packs/list.txt"
	got := mustEgret(t, "packs", "list")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What show prints is a pack that a configuration may name, and has the same rules or targets.
func TestAPackIsShownToBeCopied(t *testing.T) {
	for _, p := range config.Packs() {
		list, empty := "packs", " 0 rules"
		if p.Kind == config.PlanPack {
			list, empty = "plans", " 0 plans"
		}
		directory := t.TempDir()
		file := func(name, text string) string {
			path := filepath.Join(directory, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		shown := mustEgret(t, "packs", "show", p.Name)
		if shown != p.Text {
			t.Errorf("show %s prints something else", p.Name)
		}
		file("my-pack.yaml", shown)
		built := mustEgret(t, "check", "-c", file("egret.yaml", list+": ["+p.Name+"]\n"))
		if copied := mustEgret(t, "check", "-c", file("egret.yaml", list+": [./my-pack.yaml]\n")); copied != built || strings.Contains(built, empty) {
			t.Errorf("the built-in one: %s, its copy: %s", built, copied)
		}
	}
}

func TestPacksThatThereAreNot(t *testing.T) {
	f := func(want string, arguments ...string) {
		t.Helper()
		if output, problem, code := egret(t, append([]string{"packs"}, arguments...)...); code != exitUsage || !strings.Contains(problem, want) || output != "" {
			t.Errorf("packs %s ends with %d: %s\n%s", strings.Join(arguments, " "), code, problem, output)
		}
	}
	f(`"gb3095-2012": no pack has this name; did you mean gb3095-2026?`, "show", "gb3095-2012")
	f(`"wuxi-2019": no pack has this name; did you mean wuxi-2018?`, "show", "wuxi-2019")
	f("use anyang-2021-2023, city-2026, construction-site, fuyang-2018-2020, gb3095-2026,", "show", "weather")
	f("accepts 1 arg(s)", "show")
	f("unknown command", "show-all")
	f("unknown command", "list", "gb3095-2026")
}
