package pack

import (
	"slices"
	"strings"
	"testing"
)

func TestEachPackSaysWhatItIs(t *testing.T) {
	var names []string
	for _, p := range List() {
		names = append(names, p.Name)
		if p.Title == "" || p.About == "" || p.Standard.Name == "" || p.Standard.Edition == "" || p.Standard.From == "" {
			t.Errorf("%s leaves something out: %+v", p.Name, p)
		}
		if found, ok := Find(p.Name); !ok || found != p {
			t.Errorf("%s is listed but not found", p.Name)
		}
		for i, line := range strings.Split(p.Text, "\n") {
			if strings.Contains(line, "\t") || len([]rune(line)) > 120 {
				t.Errorf("%s line %d: %s", p.Name, i+1, line)
			}
		}
	}
	if !slices.IsSorted(names) || len(names) < 5 {
		t.Errorf("packs are %v", names)
	}
	if _, ok := Find("pack"); ok {
		t.Error("a pack is found that is none")
	}
}

func TestTheListBelongsToTheCaller(t *testing.T) {
	List()[0].Name = "changed"
	if List()[0].Name == "changed" {
		t.Error("a caller changed the packs for all")
	}
}
