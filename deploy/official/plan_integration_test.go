//go:build integration

package official

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// cityPlan promises of other years and cities what Wuxi promised for 2018 (锡政办发〔2018〕51号): PM2.5 and good days.
const cityPlan = `id: promised
title: PM2.5 年均浓度与优良天数比率
language: zh
area: {cities: [%s]}
period: {years: [%d, %d]}
targets:
  - {id: pm25, metric: mean, parameter: pm25, comparison: "<=", value: 43}
  - {id: pm25-rounded, metric: mean, parameter: pm25, comparison: "<=", value: 43, rounding: standard}
  - {id: good-days, metric: good_days, comparison: ">=", value: 69.2}
`

// The plan's numbers, in the words of this file.
var (
	promisedMean    = big.NewRat(43, 1)
	promisedRounded = big.NewRat(87, 2) // 43.5 is the first that rounds, half to even, to 44
	promisedShare   = big.NewRat(692, 10)
)

// planLine is a standing as replay prints it.
type planLine struct {
	Type      string       `json:"type"`
	Target    string       `json:"target"`
	Day       string       `json:"day"`
	Value     *json.Number `json:"value"`
	Limit     *json.Number `json:"limit"`
	Met       *bool        `json:"met"`
	State     string       `json:"state"`
	Valid     bool         `json:"valid"`
	Counted   int          `json:"counted"`
	Remaining int          `json:"remaining"`
	Allowance *json.Number `json:"allowance"`
	LastYear  *json.Number `json:"last_year"`
}

// standing is what is looked up: a target after a day.
type standing struct{ target, day string }

// planned is a city whose plan is replayed.
type planned struct {
	name        string
	stations    []*ownStation
	first, last int       // years
	until       time.Time // the last day that is over when the replay ends
	late        string    // a day whose hours all come a day and six hours later than they should
}

// standings replays the city's hours under the plan and returns the last line of each day and target.
func (c *planned) standings(t *testing.T) map[standing]*planLine {
	t.Helper()
	directory := t.TempDir()
	config := fmt.Sprintf("zone: Asia/Shanghai\nlow_values: keep\nlimits: {horizon: 48h}\nplans: [./plan.yaml]\nstations:\n%s\n", strings.Join(c.register(), "\n"))
	for name, text := range map[string]string{"egret.yaml": config, "plan.yaml": fmt.Sprintf(cityPlan, c.name, c.first, c.last)} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.write(t, filepath.Join(directory, "in.csv"))
	var said bytes.Buffer
	command := exec.Command(binary, "replay", "-c", filepath.Join(directory, "egret.yaml"), filepath.Join(directory, "in.csv"))
	command.Stderr = &said
	began := time.Now()
	output, err := command.Output()
	if err != nil {
		t.Fatalf("egret replay: %v\n%s", err, said.String())
	}
	found, count := map[standing]*planLine{}, 0
	for text := range bytes.Lines(output) {
		if bytes.HasPrefix(text, []byte(`{"type":"refused"`)) {
			t.Errorf("refused: %s", text)
		}
		if !bytes.HasPrefix(text, []byte(`{"type":"plan"`)) {
			continue
		}
		l := new(planLine)
		if err := json.Unmarshal(text, l); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		found[standing{l.Target, l.Day}] = l
		count++
	}
	t.Logf("%s: %d lines of plans for %d days and targets in %.1f s", c.name, count, len(found), time.Since(began).Seconds())
	return found
}

func (c *planned) register() (lines []string) {
	for _, s := range c.stations {
		lines = append(lines, fmt.Sprintf("  - {id: %s, domain: air, city: %s, period: 1h}", s.id, c.name))
	}
	return lines
}

// write makes the table of all hours of the city.
func (c *planned) write(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewWriter(file)
	table.Write([]string{"time", "received", "station", "parameter", "value"})
	for _, s := range c.stations {
		for parameter, days := range s.days {
			for date, hours := range days {
				day, err := time.ParseInLocation(time.DateOnly, date, beijing)
				if err != nil {
					t.Fatal(err)
				}
				for hour, value := range hours {
					start := day.Add(time.Duration(hour) * time.Hour)
					received := start.Add(time.Hour)
					if date == c.late {
						received = received.Add(30 * time.Hour)
					}
					if value != "" {
						table.Write([]string{stamp(start), stamp(received), s.id, parameter, value})
					}
				}
			}
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// ownFigures are a year's figures to date, made by ownCity.
type ownFigures struct {
	sum           *big.Rat // of the valid days' means of PM2.5
	days          int      // of them
	good, indexed int      // days with an index up to 100, and with one
}

// hold compares every standing of the plan's years with figures made here, and prints those that differ.
func (c *planned) hold(t *testing.T, standings map[standing]*planLine) *tally {
	t.Helper()
	all := newTally(c.name + ": standings that are those of own figures")
	city := ownCity{c.stations, map[string]*ownDay{}}
	for year := c.first; year <= c.last; year++ {
		var now, before ownFigures
		now.sum, before.sum = new(big.Rat), new(big.Rat)
		end := time.Date(year, time.December, 31, 0, 0, 0, 0, beijing)
		for day := time.Date(year, time.January, 1, 0, 0, 0, 0, beijing); !day.After(end) && !day.After(c.until); day = day.AddDate(0, 0, 1) {
			now.add(city.day(day))
			if earlier := day.AddDate(-1, 0, 0); day.Format("01-02") != "02-29" {
				before.add(city.day(earlier))
			}
			remaining := int(end.Sub(day).Hours()+12) / 24
			for _, target := range []string{"pm25", "pm25-rounded", "good-days"} {
				if now.days == 0 {
					continue
				}
				date := day.Format(time.DateOnly)
				wanted := now.standing(target, remaining, &before)
				wrong := wanted.differs(standings[standing{target, date}])
				what, _, _ := strings.Cut(wrong, " ")
				all.add(wrong == "", what)
				if wrong != "" && all.rows-all.equal < 20 {
					t.Errorf("%s %s %s: %s; own: %s", c.name, date, target, wrong, wanted)
				}
			}
		}
	}
	return all
}

func (f *ownFigures) add(d *ownDay) {
	if d.pm25 != nil {
		f.sum.Add(f.sum, d.pm25)
		f.days++
	}
	if d.index >= 0 {
		f.indexed++
		if d.index <= 100 {
			f.good++
		}
	}
}

// ownStanding is what a standing should be; nil is no number.
type ownStanding struct {
	value, allowance, lastYear *big.Rat
	counted, remaining         int
	met                        bool
	decided                    string // safe or impossible, where it is: whatever comes, the year will keep the promise, or will not
}

// standing makes the standing of a target.
func (f *ownFigures) standing(target string, remaining int, before *ownFigures) *ownStanding {
	if target == "good-days" {
		return f.goodDays(remaining, before)
	}
	s := &ownStanding{value: f.mean(), lastYear: before.mean(), counted: f.days, remaining: remaining}
	promised := promisedMean
	s.met = s.value.Cmp(promised) <= 0
	if target == "pm25-rounded" {
		promised = promisedRounded
		s.met = s.value.Cmp(promised) < 0
	}
	if remaining > 0 {
		left := new(big.Rat).Mul(promised, big.NewRat(int64(f.days+remaining), 1))
		s.allowance = left.Quo(left.Sub(left, f.sum), big.NewRat(int64(remaining), 1))
		if s.allowance.Sign() < 0 || s.allowance.Sign() == 0 && target == "pm25-rounded" {
			s.decided = "impossible"
		}
	}
	return s
}

// goodDays makes the standing of the share of good days: of the valid days and all that remain the least whole number
// that is the share promised must be good.
func (f *ownFigures) goodDays(remaining int, before *ownFigures) *ownStanding {
	s := &ownStanding{value: f.share(), lastYear: before.share(), counted: f.indexed, remaining: remaining}
	s.met = s.value.Cmp(promisedShare) >= 0
	if remaining > 0 {
		needed := 0
		for days := int64(f.indexed + remaining); big.NewRat(int64(needed)*100, days).Cmp(promisedShare) < 0; {
			needed++
		}
		s.allowance = big.NewRat(int64(min(f.good+remaining-needed, remaining)), 1)
		switch {
		case f.good >= needed:
			s.decided = "safe"
		case f.good+remaining < needed:
			s.decided = "impossible"
		}
	}
	return s
}

func (f *ownFigures) mean() *big.Rat {
	if f.days == 0 {
		return nil
	}
	return new(big.Rat).Quo(f.sum, big.NewRat(int64(f.days), 1))
}

// share is that of the good days in %.
func (f *ownFigures) share() *big.Rat {
	if f.indexed == 0 {
		return nil
	}
	return big.NewRat(int64(f.good)*100, int64(f.indexed))
}

// ninth is the last decimal of a figure. Egret keeps a city's days to it.
var ninth = big.NewRat(1, 1_000_000_000)

// differs says what of a line is another one, nothing where none is. The allowance shares out over the remaining days
// what the days before are rounded by.
func (s *ownStanding) differs(l *planLine) string {
	if l == nil {
		return "there is no standing"
	}
	last := new(big.Rat).Mul(ninth, big.NewRat(int64(s.counted+2*s.remaining), int64(max(1, s.remaining))))
	switch {
	case !near(l.Value, s.value, ninth):
		return "value " + shown(l.Value)
	case l.Counted != s.counted:
		return fmt.Sprintf("counted %d", l.Counted)
	case l.Remaining != s.remaining:
		return fmt.Sprintf("remaining %d", l.Remaining)
	case !near(l.Allowance, s.allowance, last):
		return "allowance " + shown(l.Allowance)
	case l.Valid != (l.Met != nil):
		return fmt.Sprintf("valid %v, and yet met %v", l.Valid, l.Met)
	case l.Met != nil && *l.Met != s.met:
		return fmt.Sprintf("met %v", *l.Met)
	case !slices.Contains(s.states(l.Valid), l.State):
		return "state " + l.State
	case !near(l.LastYear, s.lastYear, ninth):
		return "last year " + shown(l.LastYear)
	}
	return ""
}

// states are those that the target may have. Whether it is at risk is Egret's reckoning.
func (s *ownStanding) states(valid bool) []string {
	switch {
	case !valid:
		return []string{"not enough data"}
	case s.remaining == 0 && s.met:
		return []string{"met"}
	case s.remaining == 0:
		return []string{"missed"}
	case s.decided != "":
		return []string{s.decided}
	}
	return []string{"open", "at_risk"}
}

func (s *ownStanding) String() string {
	show := func(number *big.Rat) string {
		if number == nil {
			return "none"
		}
		return number.FloatString(9)
	}
	return fmt.Sprintf("value %s, counted %d, remaining %d, allowance %s, met %v, last year %s",
		show(s.value), s.counted, s.remaining, show(s.allowance), s.met, show(s.lastYear))
}

// near says whether a number is that made here, within so much.
func near(number *json.Number, own, within *big.Rat) bool {
	if number == nil || own == nil {
		return number == nil && own == nil
	}
	value, ok := new(big.Rat).SetString(number.String())
	return ok && value.Sub(value, own).Abs(value).Cmp(within) <= 0
}

func shown(number *json.Number) string {
	if number == nil {
		return "none"
	}
	return number.String()
}

// Wuxi and Nantong in the years 2019 and 2020, of which the published hours have some months: what the plan says after
// every day is what the hours say. No year has the 324 days that its mean needs (GB 3095-2012 table 4).
func TestIntegrationPlanOfCities(t *testing.T) {
	for _, name := range []string{"无锡", "南通"} {
		c := planned{name, []*ownStation{cityHours(t, name)}, 2019, 2020, time.Date(2020, time.June, 29, 0, 0, 0, 0, beijing), ""}
		standings := c.standings(t)
		c.hold(t, standings).expect(t, 3*(365+181), 3*(365+181))
		expectState(t, standings, "2019-12-31", "not enough data", "not enough data")
	}
}

// Beijing's eight stations in 2015 and 2016, with 2014 before them: both promises were lost in summer.
func TestIntegrationPlanOfStations(t *testing.T) {
	c := planned{"北京", beijingStations(t), 2015, 2016, time.Date(2016, time.December, 31, 0, 0, 0, 0, beijing), ""}
	standings := c.standings(t)
	c.hold(t, standings).expect(t, 3*(365+366), 3*(365+366))
	expectState(t, standings, "2016-09-30", "impossible", "impossible")
	expectState(t, standings, "2016-12-31", "missed", "missed")
}

// A day of Nantong comes when the plan has been judged for it and the day after: both are judged anew.
func TestIntegrationPlanLateDay(t *testing.T) {
	c := planned{"南通", []*ownStation{cityHours(t, "南通")}, 2020, 2020, time.Date(2020, time.June, 29, 0, 0, 0, 0, beijing), "2020-03-10"}
	c.hold(t, c.standings(t)).expect(t, 3*181, 3*181)
}

func expectState(t *testing.T, standings map[standing]*planLine, day, pm25, goodDays string) {
	t.Helper()
	for target, state := range map[string]string{"pm25": pm25, "good-days": goodDays} {
		if l := standings[standing{target, day}]; l == nil || l.State != state {
			t.Errorf("%s on %s: %+v, expected %s", target, day, l, state)
		}
	}
}

// cityHours reads the hours of a city; the files name the end of each hour.
func cityHours(t *testing.T, name string) *ownStation {
	t.Helper()
	s := newOwnStation(map[string]string{"无锡": "wuxi", "南通": "nantong"}[name])
	for _, file := range files(t, "china_city_hourly/china_cities_"+name+"_*.csv.gz") {
		rows(t, open(t, file), func(cell func(string) string) {
			day, err := time.ParseInLocation("20060102", cell("date"), beijing)
			if err != nil {
				t.Fatal(err)
			}
			start := day.Add(time.Duration(wholeNumber(t, cell("hour"))-1) * time.Hour)
			for _, c := range yearColumns {
				s.put(c.parameter, start, cell(c.name))
			}
		})
	}
	return s
}

// beijingStations reads the hours of the eight stations.
func beijingStations(t *testing.T) (stations []*ownStation) {
	t.Helper()
	for i, file := range files(t, "prsa_beijing/*.csv.gz") {
		s := newOwnStation(fmt.Sprintf("uci-%d", i))
		rows(t, open(t, file), func(cell func(string) string) {
			start, err := time.ParseInLocation("2006-1-2 15", cell("year")+"-"+cell("month")+"-"+cell("day")+" "+cell("hour"), beijing)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range yearColumns {
				switch value := cell(c.name); {
				case value == "NA":
				case c.parameter == "co":
					s.put(c.parameter, start, milligrams(t, value))
				default:
					s.put(c.parameter, start, value)
				}
			}
		})
		stations = append(stations, s)
	}
	slices.SortFunc(stations, func(a, b *ownStation) int { return strings.Compare(a.id, b.id) })
	return stations
}

// wholeNumber reads a whole number that may be written as 3.0.
func wholeNumber(t *testing.T, text string) int {
	t.Helper()
	value, ok := new(big.Rat).SetString(text)
	if !ok || !value.IsInt() {
		t.Fatalf("%q is no whole number", text)
	}
	return int(value.Num().Int64())
}
