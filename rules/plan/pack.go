package plan

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed *.yaml
var files embed.FS

// Pack is a built-in plan: a text in the syntax of the configuration, which names it in one line.
type Pack struct {
	Name string // what a configuration calls it, and the plan's id
	Text string // the whole file, to be copied
}

var packs = sync.OnceValue(load)

// Packs returns the built-in plans in the order of their names.
func Packs() []Pack { return slices.Clone(packs()) }

func load() []Pack {
	entries, err := files.ReadDir(".")
	must(err)
	var all []Pack
	for _, entry := range entries { // sorted by name
		text, err := files.ReadFile(entry.Name())
		must(err)
		all = append(all, Pack{strings.TrimSuffix(entry.Name(), ".yaml"), string(text)})
	}
	return all
}

// must ends the process: the files are part of the program, and a test reads them all.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("a built-in plan cannot be read: %v", err))
	}
}
