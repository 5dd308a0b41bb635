package config

import "testing"

// What gjson knows stays allowed; what it would take for a name that no payload has is in testdata/bad/paths.yaml.
func TestPaths(t *testing.T) {
	for _, path := range []string{
		"data.v", "list.0.v", `PM2\.5`, `\$date`, `name\[0\]`, `a\)`, "@this", "@this.0", "data|v", "list.#.v", "list.#",
		`list.#(name=="pm)\"").value`, `list.#(tags.#(="a"))#.v`, "[a.b,c.d].0", `{"x":a.b,y.z}.x`, "@flatten:{\"deep\":true}.0", "temp(C)", "无锡.pm25", "a*.b?", "a b",
	} {
		if _, err := parsePath(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
