package plan

import (
	"slices"
	"strings"
	"testing"
)

func TestEachBuiltinPlanIsToBeRead(t *testing.T) {
	var names []string
	for _, p := range Packs() {
		names = append(names, p.Name)
		if !strings.HasPrefix(p.Text, "title: ") || !strings.Contains(p.Text, "\nabout: |\n") {
			t.Errorf("%s does not begin with what it is", p.Name)
		}
		for i, line := range strings.Split(p.Text, "\n") {
			if strings.Contains(line, "\t") || len([]rune(line)) > 120 {
				t.Errorf("%s line %d: %s", p.Name, i+1, line)
			}
		}
	}
	want := []string{"anyang-2021-2023", "city-2026", "fuyang-2018-2020", "nantong-2016", "shizuishan-2025", "wuxi-2018"}
	if !slices.Equal(names, want) {
		t.Errorf("plans are %v", names)
	}
	Packs()[0].Name = "changed"
	if Packs()[0].Name == "changed" {
		t.Error("a caller changed the plans for all")
	}
}
