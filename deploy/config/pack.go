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
		s := packEntry(root, "packs", node, i)
		var within rule.Selector
		var severity rule.Severity
		places := s.section("stations")
		readSelector(places, &within, c.Stations)
		take(s, "severity", &severity, parseSeverity)
		text, ok := c.openPack(s, RulePack)
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
		rules := narrowed(c.readPack(d, text.data, text.stations), &within, c.Stations)
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

// packEntry returns an entry of the list of packs or plans: a name is short for a mapping with nothing but the name.
func packEntry(root *section, key string, node ast.Node, index int) *section {
	line := lineOf(node, root.fields[key].line)
	path := fmt.Sprintf("%s[#%d]", key, index+1)
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

// openPack returns the pack of a kind that an entry names: a built-in one, or a file where the name is a path.
func (c *Config) openPack(s *section, kind Kind) (packText, bool) {
	written, text, ok := s.scalar("name")
	if !ok {
		s.require("name")
		return packText{}, false
	}
	if !isPath(text) {
		p, err := findPack(text, kind)
		if err != nil {
			s.complain("%s: %s", shown(written), err)
			return packText{}, false
		}
		// It is no mistake of a built-in pack that the register has no station for some of its rules or targets.
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
	if holds(root, PlanPack) {
		root.complain("%s", PlanPack.misplaced())
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
	root.text("about", &text)
	s := root.section("standard")
	take(s, "name", &text, notEmpty)
	take(s, "edition", &text, notEmpty)
	for _, key := range []string{"from", "until"} {
		take(s, key, &day, parseDay)
	}
	s.close()
}

func parseDay(text string) (calendar.Day, error) {
	if day, err := calendar.ParseDay(text); err == nil {
		return day, nil
	}
	return 0, errors.New("is not a date; write year-month-day, such as 2026-03-01")
}

// text reads a field that may have several lines.
func (s *section) text(key string, to *string) {
	f, given := s.field(key)
	if !given {
		return
	}
	text, ok := scalarText(f.node)
	if !ok {
		s.problem(key, "is %s; write a text", kindOf(f.node))
		return
	}
	*to = strings.TrimSpace(text)
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
func narrowed(rules []rule.Rule, within *rule.Selector, stations []reading.Station) []rule.Rule {
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
		ids, tags := both(r.Stations.IDs, within.IDs), slices.Concat(r.Stations.Tags, within.Tags)
		if len(r.Stations.Tags) > 0 && len(within.Tags) > 0 { // a station may have a tag of each, which only its id can say
			ids, tags = both(ids, taggedIDs(stations, within.Tags)), r.Stations.Tags
		}
		r.Stations = rule.Selector{
			IDs:       ids,
			Cities:    both(r.Stations.Cities, within.Cities),
			Districts: both(r.Stations.Districts, within.Districts),
			Zones:     both(r.Stations.Zones, within.Zones),
			Tags:      tags,
		}
		if some {
			left = append(left, r)
		}
	}
	return left
}

func taggedIDs(stations []reading.Station, tags []string) []string {
	selector := rule.Selector{Tags: tags}
	var ids []string
	for i := range stations {
		if selector.Chooses(&stations[i]) {
			ids = append(ids, stations[i].ID)
		}
	}
	return ids
}
