package config

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"egret/ingest/reading"
)

//go:embed profiles.yaml
var builtinText string

// parseBuiltinProfiles returns the built-in profiles. The error, an [*Error], is a mistake of this package.
var parseBuiltinProfiles = sync.OnceValues(func() ([]Profile, error) {
	d := newDocument("profiles.yaml", func(string) (string, bool) { return "", false })
	c := &Config{Parameters: reading.BuiltinParameters()}
	if root := d.parse([]byte(builtinText)); root != nil {
		c.readProfiles(root)
		root.close()
	}
	return c.Profiles, d.err()
})

// BuiltinProfile is a built-in profile as people read it.
type BuiltinProfile struct {
	ID     string
	Format Format
	Title  string // the first sentence of the comment above it, on one line and without the point; "" where there is none
	Text   string // YAML, an entry of the list under profiles, with the comment above it; ends with a line end
}

// BuiltinProfiles returns the built-in profiles in their order.
func BuiltinProfiles() []BuiltinProfile {
	profiles, _ := parseBuiltinProfiles() // a test holds them to be without mistakes
	texts := profileTexts(builtinText)
	all := make([]BuiltinProfile, len(profiles))
	for i := range profiles {
		p := &profiles[i]
		all[i] = BuiltinProfile{ID: p.ID, Format: p.Format, Title: titleOf(texts[p.ID]), Text: texts[p.ID]}
	}
	return all
}

// ProfileText returns the YAML of a built-in profile, false if there is none of that id.
func ProfileText(id string) (string, bool) {
	text, ok := profileTexts(builtinText)[id]
	return text, ok
}

var profileStart = regexp.MustCompile(`^  - \{?id: ([^ ,#\r\n]+)`)

// profileTexts parts a list of profiles into the texts of its entries by their ids. Comments of two blanks' indentation
// belong to the entry below them.
func profileTexts(list string) map[string]string {
	texts := map[string]string{}
	id, entry, comment := "", "", ""
	end := func() {
		if id != "" {
			texts[id] = strings.TrimRight(entry, "\n") + "\n"
		}
	}
	for line := range strings.Lines(list) {
		switch start := profileStart.FindStringSubmatch(line); {
		case start != nil:
			end()
			id, entry, comment = start[1], comment+line, ""
		case strings.HasPrefix(line, "  #"):
			comment += line
		default:
			entry += comment + line
			comment = ""
		}
	}
	end()
	return texts
}

// titleOf returns the first sentence of the comment at the beginning of a text.
func titleOf(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !ok {
			break
		}
		words = append(words, strings.Fields(comment)...)
	}
	title, _, _ := strings.Cut(strings.Join(words, " "), ". ")
	return strings.TrimSuffix(title, ".")
}
