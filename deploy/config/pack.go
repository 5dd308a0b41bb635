package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/pack"
	"egret/rules/rule"
)

// FindPack returns the built-in pack of that name; the error says which there are.
func FindPack(name string) (pack.Pack, error) {
	if p, ok := pack.Find(name); ok {
		return p, nil
	}
	var names []string
	for _, p := range pack.List() {
		names = append(names, p.Name)
	}
	if near := nearest(name, names); near != "" {
		return pack.Pack{}, fmt.Errorf("no pack has this name; did you mean %s?", near)
	}
	return pack.Pack{}, fmt.Errorf("no pack has this name; use %s, or a file such as ./my-pack.yaml", alternatives(names))
}

// PackRules returns the rules of a built-in pack. The error is an [*Error].
func PackRules(p *pack.Pack) ([]rule.Rule, error) {
	d := newDocument(p.Name+".yaml", func(string) (string, bool) { return "", false })
	rules := Default().readPack(d, []byte(p.Text), nil)
	return rules, d.err()
}

// packText is a pack as an entry names it.
type packText struct {
	name, file string
	data       []byte
	stations   []reading.Station // against which its selectors are held
}

// readPacks returns the rules of the packs that the file names, each for the stations and with the severity that the
// file gives it.
func (c *Config) readPacks(root *section) []rule.Rule {
	var all []rule.Rule
	lines, taken := map[string]int{}, map[string]bool{}
	for i, node := range root.list("packs") {
		s := packEntry(root, node, i)
		var within rule.Selector
		var severity rule.Severity
		places := s.section("stations")
		readSelector(places, &within, c.Stations)
		take(s, "severity", &severity, parseSeverity)
		text, ok := c.openPack(s)
		s.close()
		if !ok {
			continue
		}
		if line, twice := lines[text.name]; twice {
			s.complain("%s: line %d has a pack of this name; join the two, or copy the pack into a file of another name", text.name, line)
			continue
		}
		lines[text.name] = s.line
		d := newDocument(text.file, root.document.getenv)
		root.document.packs = append(root.document.packs, d)
		rules := narrowed(c.readPack(d, text.data, text.stations), &within)
		if len(d.problems) == 0 && len(places.faulty) == 0 {
			c.checkChoice(s, rules)
		}
		for _, r := range rules {
			if severity != "" {
				r.Severity = severity
			}
			if id := r.ID; taken[id] {
				r.ID = text.name + "-" + id
				if taken[r.ID] || reading.CheckID(r.ID) != nil {
					s.complain("another pack has a rule %s too; copy the pack into a file and give that rule another id", id)
				}
			}
			taken[r.ID] = r.ID != ""
			all = append(all, r)
		}
	}
	return all
}

// packEntry returns an entry of the list of packs: a name is short for a mapping with nothing but the name.
func packEntry(root *section, node ast.Node, index int) *section {
	line := lineOf(node, root.fields["packs"].line)
	path := fmt.Sprintf("packs[#%d]", index+1)
	if _, short := scalarText(node); short {
		s := root.document.section(path, nil, line)
		s.fields["name"] = field{line, node}
		return s
	}
	return root.document.section(path, node, line)
}

// complain reports a mistake that concerns the whole section.
func (s *section) complain(format string, args ...any) {
	s.document.problem(s.line, s.path, fmt.Sprintf(format, args...))
}

// openPack returns the pack that an entry names: a built-in one, or a file where the name is a path.
func (c *Config) openPack(s *section) (packText, bool) {
	written, text, ok := s.scalar("name")
	if !ok {
		s.require("name")
		return packText{}, false
	}
	if !isPath(text) {
		p, err := FindPack(text)
		if err != nil {
			s.complain("%s: %s", shown(written), err)
			return packText{}, false
		}
		// It is no mistake of a built-in pack that the register has no station for some of its rules.
		return packText{name: p.Name, file: p.Name + ".yaml", data: []byte(p.Text)}, true
	}
	path := s.document.path(text)
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	data, err := readPackFile(path)
	if err == nil && reading.CheckID(name) != nil {
		err = errors.New("the name of a pack stands in ids; write only letters, digits, - and _ in the file's name")
	}
	if err != nil {
		s.complain("%s: %s", shown(written), err)
		return packText{}, false
	}
	return packText{name: name, file: path, data: data, stations: c.Stations}, true
}

// isPath says whether an entry names a file.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func readPackFile(path string) ([]byte, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read (%w); let egret's user read it", reason(err))
	}
	return data, nil
}

// readPack reads the text of a pack. Selectors are held against the stations, if there are any.
func (c *Config) readPack(d *document, data []byte, stations []reading.Station) []rule.Rule {
	root := d.parse(data)
	if root == nil {
		return nil
	}
	readHeader(root)
	root.require("rules")
	rules := c.readRuleList(root, stations)
	if _, given := root.field("rules"); given && len(rules) == 0 && !root.faulty["rules"] {
		root.problem("rules", "is empty; add a rule")
	}
	root.close()
	return rules
}

// readHeader checks what a pack says of itself, which is for people.
func readHeader(root *section) {
	var text string
	var day calendar.Day
	take(root, "title", &text, notEmpty)
	s := root.section("standard")
	take(s, "name", &text, notEmpty)
	take(s, "edition", &text, notEmpty)
	for _, key := range []string{"from", "until"} {
		take(s, key, &day, func(text string) (calendar.Day, error) {
			if day, err := calendar.ParseDay(text); err == nil {
				return day, nil
			}
			return 0, errors.New("is not a date; write year-month-day, such as 2026-03-01")
		})
	}
	s.close()
	if f, given := root.field("about"); given { // it may have several lines
		if _, ok := scalarText(f.node); !ok {
			root.problem("about", "is %s; write a text", kindOf(f.node))
		}
	}
}

// checkChoice reports a pack that does nothing, because its rules are for no station of the register.
func (c *Config) checkChoice(s *section, rules []rule.Rule) {
	if len(c.Stations) == 0 {
		return
	}
	for i := range c.Stations {
		if slices.ContainsFunc(rules, func(r rule.Rule) bool { return r.Stations.Chooses(&c.Stations[i]) }) {
			return
		}
	}
	s.complain("its rules are for no station of the register; give stations the zone that the pack watches, or remove it")
}

// narrowed returns the rules that are left for the stations that a selector chooses, each for those of them that it
// was for.
func narrowed(rules []rule.Rule, within *rule.Selector) []rule.Rule {
	var left []rule.Rule
	for _, r := range rules {
		some := true
		both := func(a, b []string) []string {
			if len(a) == 0 || len(b) == 0 {
				return slices.Concat(a, b)
			}
			common := slices.DeleteFunc(slices.Clone(a), func(name string) bool { return !slices.Contains(b, name) })
			some = some && len(common) > 0
			return common
		}
		r.Stations = rule.Selector{
			IDs:       both(r.Stations.IDs, within.IDs),
			Cities:    both(r.Stations.Cities, within.Cities),
			Districts: both(r.Stations.Districts, within.Districts),
			Zones:     both(r.Stations.Zones, within.Zones),
		}
		if some {
			left = append(left, r)
		}
	}
	return left
}
