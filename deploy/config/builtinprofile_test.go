package config

import (
	"slices"
	"strings"
	"testing"
)

// What people are shown of a built-in profile is what Egret reads.
func TestTextsOfBuiltinProfilesAreWhole(t *testing.T) {
	var ids []string
	rest := builtinText
	for _, p := range BuiltinProfiles() {
		ids = append(ids, p.ID)
		text, ok := ProfileText(p.ID)
		if !ok || text != p.Text || !strings.Contains(rest, text) {
			t.Fatalf("the text of %s is not that of profiles.yaml: %q", p.ID, text)
		}
		_, rest, _ = strings.Cut(rest, text)
		own := "profiles:\n" + strings.Replace(text, "id: "+p.ID, "id: copy-of-it", 1)
		c, err := Parse("egret.yaml", []byte(own), environment)
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		if added := c.Profiles[len(Default().Profiles):]; len(added) != 1 || added[0].ID != "copy-of-it" || added[0].Format != p.Format {
			t.Errorf("the text of %s gives %+v", p.ID, added)
		}
		if strings.ContainsAny(p.Title, "\n#") || strings.HasSuffix(p.Title, ".") {
			t.Errorf("%s is called %q", p.ID, p.Title)
		}
	}
	if strings.TrimSpace(rest) != "" || !slices.Equal(ids, Default().ProfileNames()) {
		t.Errorf("of the profiles %v remains %q", ids, rest)
	}
	if _, ok := ProfileText("nobodys"); ok {
		t.Error("there is a text of a profile that is not built in")
	}
}

func TestEntriesOfAListOfProfiles(t *testing.T) {
	texts := profileTexts("# How they\n# write.\nprofiles:\n  # Short, v1.2 too. More\n  # of it.\n  - {id: short, format: number}\n  - id: long\n    # of it\n    format: senml\n\n  # The last\n  # one.\n  - id: last\n    format: number")
	f := func(id, text, title string) {
		t.Helper()
		if texts[id] != text || titleOf(texts[id]) != title {
			t.Errorf("%s is %q, called %q", id, texts[id], titleOf(texts[id]))
		}
	}
	f("short", "  # Short, v1.2 too. More\n  # of it.\n  - {id: short, format: number}\n", "Short, v1.2 too")
	f("long", "  - id: long\n    # of it\n    format: senml\n", "")
	f("last", "  # The last\n  # one.\n  - id: last\n    format: number\n", "The last one")
	if len(texts) != 3 {
		t.Errorf("got %v", texts)
	}
}
