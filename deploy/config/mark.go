package config

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"egret/ingest/reading"
)

// readMarks reads the names of flags by the marks that stand for them, and adds them to a copy of base.
func readMarks(s *section, base map[string]string) map[string]string {
	all := maps.Clone(base)
	for _, mark := range s.order {
		if all == nil {
			all = make(map[string]string, len(s.order))
		}
		var flag string
		_, given := s.field(mark)
		switch {
		case mark == "":
			s.problem(mark, "is no mark: a value without one is valid; remove it")
		case !given:
			s.problem(mark, "is empty; write the name of a flag, such as %s", reading.Maintenance)
		case take(s, mark, &flag, parseFlagName):
			all[mark] = flag
		}
	}
	return all
}

// parseFlagName takes the name of a flag, not its code: whoever writes a number there may mean the station's.
func parseFlagName(text string) (string, error) {
	if text == "" {
		return "", errors.New("is empty; write the name of a flag, such as maintenance")
	}
	var names []string
	for code := range 256 {
		flag := reading.Flag(code)
		name := flag.String()
		switch {
		case strings.Contains(name, " "): // a code that is no flag has no name of its own
		case name == text:
			return name, nil
		default:
			names = append(names, name)
		}
	}
	if near := nearest(text, names); near != "" && len(text) > 2 {
		return "", fmt.Errorf("is no flag; did you mean %s?", near)
	}
	return "", fmt.Errorf("is no flag; use %s", alternatives(names))
}
