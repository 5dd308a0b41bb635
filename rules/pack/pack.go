// Package pack holds ready packs of rules: texts in the syntax of the configuration, which names a pack in one line.
package pack

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed *.yaml
var files embed.FS

// Pack is a pack of rules. Its rules stand in Text, which the package config reads.
type Pack struct {
	Name     string   `yaml:"-"` // what a configuration calls it
	Title    string   `yaml:"title"`
	Standard Standard `yaml:"standard"`
	About    string   `yaml:"about"` // what it watches, by which clauses, and what is not certain
	Text     string   `yaml:"-"`     // the whole file, to be copied
}

// Standard is the standard that a pack watches, in its newest edition. Rules with `limit: standard` apply the edition
// in force on the date of the data.
type Standard struct {
	Name    string `yaml:"name"`
	Edition string `yaml:"edition"`
	From    string `yaml:"from"`  // date such as 2026-03-01
	Until   string `yaml:"until"` // last day; empty while no end is known
}

var packs = sync.OnceValue(load)

// List returns the packs in the order of their names.
func List() []Pack { return slices.Clone(packs()) }

// Find returns the pack of that name, and whether there is one.
func Find(name string) (Pack, bool) {
	for _, p := range packs() {
		if p.Name == name {
			return p, true
		}
	}
	return Pack{}, false
}

func load() []Pack {
	entries, err := files.ReadDir(".")
	must(err)
	var all []Pack
	for _, entry := range entries { // sorted by name
		text, err := files.ReadFile(entry.Name())
		must(err)
		p := Pack{Name: strings.TrimSuffix(entry.Name(), ".yaml"), Text: string(text)}
		must(yaml.Unmarshal(text, &p))
		all = append(all, p)
	}
	return all
}

// must ends the process: the files are part of the program, and a test reads them all.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("a built-in pack cannot be read: %v", err))
	}
}
