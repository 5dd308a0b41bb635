package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/alert"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/engine"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/standard"
	"egret/rules/water"
)

var china = time.FixedZone("CST", 8*60*60)

// day20 is the start of 2026-11-20 in China.
var day20 = time.Date(2026, 11, 20, 0, 0, 0, 0, china).UnixNano()

const one = reading.FixedOne

// dayOf19Hours is a day of PM2.5 that is not valid: 19 hours, three of them 65 and the others 64.
func dayOf19Hours() engine.Figure {
	return engine.Figure{
		Average: figure.Average{
			Station: "wx-1", Parameter: "pm25", Period: "day", Start: day20,
			Figure: average.Figure{Value: mean.Ratio{Sum: mean.SumOf(int64(1219 * one)), Count: 19}, Count: 19, Expected: 24},
		},
		Unit: "ug/m3", End: day20 + int64(24*time.Hour), Reason: "19 of 24 hours, 20 are needed (GB 3095-2026 6.4, table 4)",
		Judgement: &engine.Judgement{
			Limit: 60 * one, Source: standard.Source{Standard: "GB 3095-2026", Clause: "table 1"}, Phase: "transitional", Grade: 2, Rounding: "half-even to 0 decimals",
		},
	}
}

func indexOfThe20th() engine.Figure {
	index := new(air.Index)
	(&air.Practice{}).DayIndex(index, calendar.Date(2026, time.November, 20), []air.Measured{
		{Parameter: "pm25", Value: 130 * one, Valid: true}, {Parameter: "pm10", Value: 90 * one, Valid: true},
	})
	return engine.Figure{
		Average: figure.Average{Station: "city:无锡", Parameter: rule.IndexFigure, Period: "day", Start: day20, Figure: average.Figure{Value: mean.Whole(reading.Fixed(index.AQI) * one), Count: 2, Expected: 6, Valid: true}},
		End:     day20 + int64(24*time.Hour), Index: index,
	}
}

func classOfTheSection() engine.Figure {
	section := new(water.Section)
	water.Judge(section, &water.Settings{}, water.River, water.ClassIII, []water.Measured{{Parameter: "do", Value: 4 * one, Valid: true}, {Parameter: "tp"}})
	return engine.Figure{
		Average: figure.Average{Station: "wx-water-1", Parameter: rule.ClassFigure, Period: "4h", Start: day20, Figure: average.Figure{Count: 1, Expected: 2}},
		End:     day20 + int64(4*time.Hour), Reason: "no valid value of tp",
		Class:     &figure.Class{Station: "wx-water-1", Period: "4h", Start: day20, Section: section},
		Judgement: &engine.Judgement{Limit: 3 * one, Compared: 4 * one, Verdict: section.Verdict, Source: standard.Source{Standard: "GB 3838-2002", Clause: "target class"}},
	}
}

func (b *bureau) Zone() *time.Location { return china }

func (b *bureau) Figures(station string) ([]engine.Figure, error) {
	switch station {
	case "wx-1":
		return []engine.Figure{dayOf19Hours()}, nil
	case "city:无锡":
		return []engine.Figure{indexOfThe20th()}, nil
	case "wx-water-1":
		return []engine.Figure{classOfTheSection()}, nil
	case "unknown-7":
		return nil, nil
	case "broken":
		return nil, errors.New("/var/lib/egret: secret trouble")
	}
	return nil, fmt.Errorf("%q: %w", station, engine.ErrUnknownStation)
}

func (b *bureau) Explain(station, parameter, period string, start int64) (engine.Figure, error) {
	all, err := b.Figures(station)
	if err != nil {
		return engine.Figure{}, err
	}
	for _, f := range all {
		if f.Parameter != parameter || f.Period != period || start < f.Start || start >= f.End {
			continue
		}
		f.Why = &engine.Why{
			Of:      "hours",
			Values:  []engine.Part{{Start: f.Start, Value: mean.Whole(64 * one), Count: 1, Valid: true}, {Start: f.Start + int64(time.Hour), Value: mean.Whole(65_500_000_000), Flag: reading.Calibration}},
			Missing: []engine.Part{{Start: f.Start + 19*int64(time.Hour), Station: "wx-2", Parameter: "o3", Reason: "no valid value"}},
		}
		return f, nil
	}
	return engine.Figure{}, fmt.Errorf("%w: %s of %s: it is not over yet", engine.ErrNoFigure, period, parameter)
}

func (b *bureau) ExplainAlert(a *alert.Alert) (engine.Figure, error) {
	switch a.ID {
	case "a":
		return b.Explain("wx-1", "pm25", "day", day20)
	case "broken":
		return engine.Figure{}, errors.New("secret trouble")
	}
	return engine.Figure{}, engine.ErrNoFigure
}

func (b *bureau) Indices(period string) ([]engine.Figure, error) {
	if period != "day" {
		return nil, nil
	}
	return b.Figures("city:无锡")
}

// golden holds the answer to a request against its text.
func (b *bureau) golden(path, want string) {
	b.t.Helper()
	var any json.RawMessage
	if got := b.wants("GET", path, &any); strings.TrimSpace(got) != strings.TrimSpace(want) {
		b.t.Errorf("%s answers\n%s\nwant\n%s", path, got, want)
	}
}

const shownDay = `{
  "station": "wx-1",
  "parameter": "pm25",
  "period": "day",
  "start": "2026-11-20T00:00:00+08:00",
  "end": "2026-11-21T00:00:00+08:00",
  "value": 64.157894737,
  "exact": "1219/19",
  "unit": "ug/m3",
  "count": 19,
  "expected": 24,
  "coverage": 0.7916666666666666,
  "valid": false,
  "reason": "19 of 24 hours, 20 are needed (GB 3095-2026 6.4, table 4)",
  "judgement": {
    "verdict": "not enough valid data",
    "meets": null,
    "limit": 60,
    "compared": null,
    "rounding": "half-even to 0 decimals",
    "standard": "GB 3095-2026",
    "phase": "transitional",
    "clause": "table 1",
    "certainty": "seen in the standard",
    "grade": 2
  }`

const shownWhy = `,
  "why": {
    "of": "hours",
    "values": [
      {
        "start": "2026-11-20T00:00:00+08:00",
        "value": 64,
        "count": 1,
        "valid": true
      },
      {
        "start": "2026-11-20T01:00:00+08:00",
        "value": 65.5,
        "valid": false,
        "flag": "calibration"
      }
    ],
    "missing": [
      {
        "station": "wx-2",
        "parameter": "o3",
        "start": "2026-11-20T19:00:00+08:00",
        "reason": "no valid value"
      }
    ]
  }`

func indented(text string) string {
	return "[\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n]"
}

func TestFiguresSayWhy(t *testing.T) {
	b := newBureau(t)
	b.golden("/api/v1/stations/wx-1/figures", indented(shownDay+"\n}"))
	b.golden("/api/v1/stations/wx-1/figures?why=0", indented(shownDay+"\n}"))
	b.golden("/api/v1/stations/wx-1/figures?why=1", indented(shownDay+shownWhy+"\n}"))
	b.golden("/api/v1/stations/wx-1/figures/pm25/day", shownDay+"\n}")
	b.golden("/api/v1/stations/wx-1/figures/pm25/day?why=true", shownDay+shownWhy+"\n}")
	b.golden("/api/v1/stations/wx-1/figures/pm25/day?start=2026-11-20&why=1", shownDay+shownWhy+"\n}")
	b.golden("/api/v1/stations/wx-1/figures/pm25/day?start=2026-11-20T13:30:00%2B08:00", shownDay+"\n}")
	b.golden("/api/v1/stations/wx-1/figures/pm25/day?start=2026-11-19T16:00:00Z", shownDay+"\n}")
	b.golden("/api/v1/stations/unknown-7/figures", "[]")
}

func TestFiguresThatThereAreNot(t *testing.T) {
	b := newBureau(t)
	b.wantsProblem("GET", "/api/v1/stations/nobody/figures", 404, "no station nobody", "/api/v1/stations")
	b.wantsProblem("GET", "/api/v1/stations/nobody/figures/pm25/day", 404, "no station nobody")
	b.wantsProblem("GET", "/api/v1/stations/nobody/figures/pm25/day?start=2026-11-20", 404, "no station nobody")
	b.wantsProblem("GET", "/api/v1/stations/wx-1/figures/pm25/decade", 404, "no such figure: decade of pm25", "the figures of the station list")
	b.wantsProblem("GET", "/api/v1/stations/wx-1/figures/pm25/day?start=2026-11-21", 404, "day of pm25: it is not over yet")
	for _, start := range []string{"yesterday", "2026-13-01", "1850-01-01", "9999-01-01", "2026-11-20T13:30:00"} {
		b.wantsProblem("GET", "/api/v1/stations/wx-1/figures/pm25/day?start="+start, 400, "start="+fmt.Sprintf("%q", start))
	}
	for _, path := range []string{"/api/v1/stations/wx-1/figures", "/api/v1/stations/wx-1/figures/pm25/day", "/api/v1/aqi", "/api/v1/alerts"} {
		b.wantsProblem("GET", path+"?why=because", 400, `why="because"`)
	}
	for _, path := range []string{"/api/v1/stations/broken/figures", "/api/v1/stations/broken/figures/pm25/day"} {
		b.wantsProblem("GET", path, 500, "the log of egret")
		if _, body := b.ask("GET", path); strings.Contains(body, "secret") {
			t.Errorf("the answer tells what went wrong inside: %s", body)
		}
	}
	b.wantsProblem("POST", "/api/v1/stations/wx-1/figures", 405, "GET")
}

func TestIndexOfAllStationsAndCities(t *testing.T) {
	b := newBureau(t)
	const want = `{
  "station": "city:无锡",
  "parameter": "aqi",
  "period": "day",
  "start": "2026-11-20T00:00:00+08:00",
  "end": "2026-11-21T00:00:00+08:00",
  "value": 172,
  "count": 2,
  "expected": 6,
  "coverage": 0.3333333333333333,
  "valid": true,
  "judgement": null,
  "index": {
    "standard": "HJ 633-2026",
    "aqi": 172,
    "partial_aqi": 172,
    "published": true,
    "level": 4,
    "category": "中度污染",
    "category_english": "moderately polluted",
    "colour": "red",
    "primary": [
      "pm25"
    ],
    "iaqi": {
      "pm10": 79,
      "pm25": 172
    },
    "without_iaqi": {
      "co": "no valid value",
      "no2": "no valid value",
      "o3_8h": "no valid value",
      "so2": "no valid value"
    }
  }`
	b.golden("/api/v1/aqi?period=day", indented(want+"\n}"))
	b.golden("/api/v1/aqi?period=day&why=1", indented(want+shownWhy+"\n}"))
	b.golden("/api/v1/stations/city:%E6%97%A0%E9%94%A1/figures", indented(want+"\n}"))
	b.golden("/api/v1/aqi", "[]")
	b.golden("/api/v1/aqi?period=1h", "[]")
	b.wantsProblem("GET", "/api/v1/aqi?period=month", 400, `period="month"`, "1h or day")
}

func TestClassOfASectionNamesWhatIsMissing(t *testing.T) {
	b := newBureau(t)
	var shown []Figure
	body := b.wants("GET", "/api/v1/stations/wx-water-1/figures", &shown)
	if len(shown) != 1 || shown[0].Value != nil || *shown[0].Judgement.Meets || *shown[0].Judgement.Compared != alert.Number(4*one) {
		t.Fatal(body)
	}
	var class struct {
		Class   *int
		Name    string   `json:"class_name"`
		Missing []string `json:"missing"`
	}
	if err := json.Unmarshal(shown[0].Class, &class); err != nil || class.Class != nil || len(class.Missing) != 1 || class.Missing[0] != "tp" {
		t.Errorf("%s: %v", shown[0].Class, err)
	}
}

func TestAlertsWithTheFiguresTheyAreAbout(t *testing.T) {
	b := newBureau(t)
	var alerts []ExplainedAlert
	body := b.wants("GET", "/api/v1/alerts?why=1", &alerts)
	if len(alerts) != 2 || alerts[0].ID != "a" || alerts[0].Figure == nil || len(alerts[0].Figure.Why.Missing) != 1 || alerts[1].Figure != nil || !strings.Contains(body, `"figure": null`) {
		t.Errorf("alerts: %s", body)
	}
	if b.wants("GET", "/api/v1/alerts?why=1&state=resolved", &alerts); len(alerts) != 1 || alerts[0].ID != "b" {
		t.Errorf("resolved: %+v", alerts)
	}
	if body := b.wants("GET", "/api/v1/alerts", &alerts); strings.Contains(body, "figure") {
		t.Errorf("nobody asked why: %s", body)
	}
}

func TestFractionsAreExact(t *testing.T) {
	f := func(sum int64, count uint64, want string) {
		t.Helper()
		if got := fraction(mean.Ratio{Sum: mean.SumOf(sum), Count: count}); got != want {
			t.Errorf("%d/%d is %q, want %q", sum, count, got, want)
		}
	}
	f(0, 0, "")
	f(3_000_000_000, 2, "")
	f(1_000_000_000, 3, "1/3")
	f(-2_000_000_000, 3, "-2/3")
	f(35_200_000_000, 7, "176/35")
	if got := fraction(mean.Ratio{Sum: mean.Sum{High: 1}, Count: 3}); got != "36028797018963968/5859375" { // 2^64/(3·10^9)
		t.Errorf("2^64/(3·10^9) is %s", got)
	}
}
