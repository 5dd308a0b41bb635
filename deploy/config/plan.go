package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/plan"
	"egret/rules/rule"
)

// PackPlan returns the plan of a built-in pack. The error is an [*Error].
func PackPlan(p *Pack) (plan.Plan, error) {
	d := newDocument(p.Name+".yaml", func(string) (string, bool) { return "", false })
	its := Default().readPlan(d, packText{name: p.Name, data: []byte(p.Text)}, nil)
	return its, d.err()
}

var parseLanguage = oneOf(plan.Chinese, plan.English)

// readPlans reads the plans that the file names, each for the area and in the language that the file gives it. Figures
// that departments report against them become parameters.
func (c *Config) readPlans(root *section) {
	lines := map[string]int{}
	for i, node := range root.list("plans") {
		s := packEntry(root, "plans", node, i)
		var area *rule.Selector
		if _, given := s.field("area"); given {
			area = new(rule.Selector)
			readSelector(s.section("area"), area, c.Stations)
		}
		var language plan.Language
		spoken := take(s, "language", &language, parseLanguage)
		text, ok := c.openPack(s, PlanPack)
		s.close()
		if !ok {
			c.Plans = append(c.Plans, plan.Plan{ID: nameOf(s)})
			continue
		}
		d := newDocument(text.file, root.document.getenv)
		root.document.packs = append(root.document.packs, d)
		p := c.readPlan(d, text, area)
		if area == nil && text.stations == nil {
			c.checkArea(s, &p)
		}
		if spoken {
			p.Language = language
		}
		if line, twice := lines[p.ID]; twice {
			s.complain("%s: line %d has a plan of this id; remove one, or copy the plan into a file and give it another id", p.ID, line)
		} else {
			lines[p.ID] = s.line
		}
		c.Plans = append(c.Plans, p)
	}
}

// nameOf returns by which id a plan that cannot be read was meant.
func nameOf(s *section) string {
	name, _ := scalarText(s.fields["name"].node)
	return name
}

// checkArea reports a built-in plan for whose area the register has no station: it would follow nothing.
func (c *Config) checkArea(s *section, p *plan.Plan) {
	chosen := func(station reading.Station) bool { return p.Area.Chooses(&station) }
	if len(c.Stations) == 0 || len(p.Targets) == 0 || slices.ContainsFunc(c.Stations, chosen) {
		return
	}
	var cities []string
	for i := range c.Stations {
		cities = append(cities, c.Stations[i].City)
	}
	wanted := strings.Join(p.Area.Cities, " ")
	city := nearest(wanted, cities)
	if city == "" {
		city = "…"
	}
	s.complain("no station of the register has the city %s; give them that city, or write {name: %s, area: {cities: [%s]}} with the name that the register has", wanted, p.ID, city)
}

// readPlan reads the text of a plan, for another area than its own unless that is nil. Selectors are held against the
// text's stations, if there are any.
func (c *Config) readPlan(d *document, text packText, area *rule.Selector) plan.Plan {
	p := plan.Plan{ID: text.name, Language: plan.English}
	root := d.parse(text.data)
	if root == nil {
		return p
	}
	if holds(root, RulePack) {
		root.complain("%s", RulePack.misplaced())
		return p
	}
	take(root, "id", &p.ID, parseID)
	take(root, "title", &p.Title, parseTitle)
	take(root, "document", &p.Document, parseTitle)
	take(root, "language", &p.Language, parseLanguage)
	root.text("about", &p.About)
	root.require("title", "period")
	if area == nil {
		readSelector(root.section("area"), &p.Area, text.stations)
	} else {
		readSelector(root.section("area"), new(rule.Selector), nil)
		p.Area = *area
	}
	if _, given := root.field("period"); given {
		readPeriod(root.section("period"), &p.Period)
	}
	c.readTargets(root, &p, text.stations)
	readDuties(root, &p)
	if len(p.Targets) == 0 && len(p.Duties) == 0 && !root.faulty["targets"] && !root.faulty["duties"] {
		root.complain("promises nothing; add targets, or duties")
	}
	root.close()
	return p
}

// readDuties reads what a plan orders to be done again and again.
func readDuties(root *section, p *plan.Plan) {
	lines := map[string]int{}
	for _, s := range root.sections("duties", "id") {
		var duty plan.Duty
		s.id("id", &duty.ID, lines)
		take(s, "name", &duty.Name, parseTitle)
		take(s, "every", &duty.Every, oneOf("month", "quarter", "half-year", "year", "once"))
		s.require("name", "every")
		s.close()
		p.Duties = append(p.Duties, duty)
	}
}

func parseID(text string) (string, error) {
	if reading.CheckID(text) != nil {
		return "", fmt.Errorf("is not an id; write 1 to %d letters, digits, . - and _", reading.MaxStationID)
	}
	return text, nil
}

// longestTitle has room for the title of a Chinese document, three bytes a character.
const longestTitle = 300

func parseTitle(text string) (string, error) {
	if len(text) > longestTitle {
		return "", fmt.Errorf("is longer than %d bytes; shorten it", longestTitle)
	}
	if strings.TrimSpace(text) == "" {
		return "", errors.New("is empty; write a text")
	}
	return text, nil
}
