package air

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
)

func on(t testing.TB, date string) calendar.Day {
	t.Helper()
	day, err := calendar.ParseDay(date)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func fixed(t testing.TB, text string) reading.Fixed {
	t.Helper()
	number, err := reading.ParseFixed([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return number
}

// measured reads "pm25=38.4 co=-": a dash is a value that is not valid.
func measured(t testing.TB, text string) []Measured {
	t.Helper()
	var values []Measured
	for _, field := range strings.Fields(text) {
		parameter, value, _ := strings.Cut(field, "=")
		m := Measured{Parameter: parameter, Valid: value != "-"}
		if m.Valid {
			m.Value = fixed(t, value)
		}
		values = append(values, m)
	}
	return values
}

// ratios reads "10 20 30".
func ratios(t testing.TB, text string) []mean.Ratio {
	t.Helper()
	var figures []mean.Ratio
	for _, field := range strings.Fields(text) {
		figures = append(figures, mean.Whole(fixed(t, field)))
	}
	return figures
}

// sub returns the index of one pollutant as text, or the reason why it has none.
func sub(index *Index, parameter string) string {
	for _, s := range index.Sub {
		if s.Parameter == parameter {
			if s.Known() {
				return strconv.Itoa(s.IAQI)
			}
			return s.Reason.String()
		}
	}
	return "does not enter"
}

// nodesTable is table 1 of HJ 633-2012 and the table of HJ 633-2026, typed from the facts a second time.
var nodesTable = []struct {
	date, period, parameter, nodes string
}{
	{"2020-06-01", "day", "so2", "0 50 150 475 800 1600 2100 2620"},
	{"2026-11-21", "day", "so2", "0 50 150 475 800 1600 2100 2620"},
	{"2020-06-01", "hour", "so2", "0 150 500 650 800"},
	{"2026-11-21", "hour", "so2", "0 150 500 650 800"},
	{"2020-06-01", "day", "no2", "0 40 80 180 280 565 750 940"},
	{"2026-11-21", "day", "no2", "0 40 80 180 280 565 750 940"},
	{"2020-06-01", "hour", "no2", "0 100 200 700 1200 2340 3090 3840"},
	{"2026-11-21", "hour", "no2", "0 100 200 700 1200 2340 3090 3840"},
	{"2020-06-01", "day", "co", "0 2 4 14 24 36 48 60"},
	{"2026-11-21", "day", "co", "0 2 4 14 24 36 48 60"},
	{"2020-06-01", "hour", "co", "0 5 10 35 60 90 120 150"},
	{"2026-11-21", "hour", "co", "0 5 10 35 60 90 120 150"},
	{"2020-06-01", "day", "o3", "0 160 200 300 400 800 1000 1200"},
	{"2020-06-01", "hour", "o3", "0 160 200 300 400 800 1000 1200"},
	{"2026-11-21", "hour", "o3", "0 160 200 300 400 800 1000 1200"},
	{"2020-06-01", "day", "o3_8h", "0 100 160 215 265 800"},
	{"2026-11-21", "day", "o3_8h", "0 100 160 215 265 800"},
	{"2020-06-01", "day", "pm10", "0 50 150 250 350 420 500 600"},
	{"2020-06-01", "hour", "pm10", "0 50 150 250 350 420 500 600"},
	{"2026-11-21", "day", "pm10", "0 50 120 250 350 420 500 600"},
	{"2026-11-21", "hour", "pm10", "0 50 120 250 350 420 500 600"},
	{"2020-06-01", "day", "pm25", "0 35 75 115 150 250 350 500"},
	{"2020-06-01", "hour", "pm25", "0 35 75 115 150 250 350 500"},
	{"2026-11-21", "day", "pm25", "0 35 60 115 150 250 350 500"},
	{"2026-11-21", "hour", "pm25", "0 35 60 115 150 250 350 500"},
}

func indexOf(t testing.TB, date, period, values string) *Index {
	t.Helper()
	var index Index
	var practice Practice
	if period == "hour" {
		practice.HourIndex(&index, on(t, date), measured(t, values))
	} else {
		practice.DayIndex(&index, on(t, date), measured(t, values))
	}
	return &index
}

func TestEveryNodeOfEveryColumn(t *testing.T) {
	for _, c := range nodesTable {
		f := func(value, want string) {
			t.Helper()
			if got := sub(indexOf(t, c.date, c.period, c.parameter+"="+value), c.parameter); got != want {
				t.Errorf("%s %s %s %s: IAQI %s, want %s", c.date, c.period, c.parameter, value, got, want)
			}
		}
		nodes := strings.Fields(c.nodes)
		for i, node := range nodes {
			want := []int{0, 50, 100, 150, 200, 300, 400, 500}[i]
			f(node, strconv.Itoa(want))
			if i > 0 {
				f((fixed(t, node) - 1).String(), strconv.Itoa(want)) // a little less is rounded up to the node
			}
			above := (fixed(t, node) + 1).String()
			switch last := i == len(nodes)-1; {
			case c.date > "2026-03": // the input is rounded first
				f(above, strconv.Itoa(want))
			case !last:
				f(above, strconv.Itoa(want+1))
			case want == 500:
				f(above, "500")
				f("9000000000", "500")
			default:
				f(above, AboveTable.String())
			}
		}
	}
}

// The line is worked out a second time, in fractions, for every concentration that a feed can show.
func TestEveryShownConcentrationOfEveryColumn(t *testing.T) {
	levels := []int64{0, 50, 100, 150, 200, 300, 400, 500}
	for _, c := range nodesTable {
		nodes := strings.Fields(c.nodes)
		day, step := on(t, c.date), reading.FixedOne
		if c.parameter == "co" {
			step /= 10
		}
		var index Index
		var practice Practice
		values := []Measured{{Parameter: c.parameter, Valid: true}}
		for i := 1; i < len(nodes); i++ {
			low, high := fixed(t, nodes[i-1]), fixed(t, nodes[i])
			for value := low + step; value <= high; value += step {
				values[0].Value = value
				if c.period == "hour" {
					practice.HourIndex(&index, day, values)
				} else {
					practice.DayIndex(&index, day, values)
				}
				exact := big.NewRat(int64(value-low)*(levels[i]-levels[i-1]), int64(high-low))
				up := new(big.Int).Add(exact.Num(), new(big.Int).Sub(exact.Denom(), big.NewInt(1)))
				want := levels[i-1] + up.Div(up, exact.Denom()).Int64()
				if got := sub(&index, c.parameter); got != strconv.FormatInt(want, 10) {
					t.Fatalf("%s %s %s %s: IAQI %s, want %d", c.date, c.period, c.parameter, value, got, want)
				}
			}
		}
	}
}

func TestStandardFollowsTheDayOfTheData(t *testing.T) {
	f := func(date, want string) {
		t.Helper()
		if got := indexOf(t, date, "hour", "pm25=75").Standard; got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
		if got := indexOf(t, date, "day", "pm25=75").Standard; got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
	f("2012-02-28", "")
	f("2012-02-29", "HJ 633-2012")
	f("2026-02-28", "HJ 633-2012")
	f("2026-03-01", "HJ 633-2026")
	f("2031-01-01", "HJ 633-2026")
}

func TestNoStandardGivesNoIndex(t *testing.T) {
	index := indexOf(t, "2026-11-21", "day", "pm10=655")
	(&Practice{}).DayIndex(index, on(t, "2000-01-01"), measured(t, "pm10=655"))
	if index.Known || index.Published || index.Partial != 0 || index.Category != nil || len(index.Sub)+len(index.Primary) != 0 {
		t.Errorf("index of a day without a standard: %+v", index)
	}
}

func TestCategories(t *testing.T) {
	f := func(categories []Category, least, most, level int, name, colour string, rgb [3]uint8) {
		t.Helper()
		for index := least; index <= most; index++ {
			c := categoryOf(categories, index)
			if c.Level != level || c.Name != name || c.Colour != colour || c.RGB != rgb {
				t.Errorf("index %d: %+v, want level %d %s", index, *c, level, name)
			}
		}
	}
	f(categoriesChina, 0, 50, 1, "优", "green", [3]uint8{0, 228, 0})
	f(categoriesChina, 51, 100, 2, "良", "yellow", [3]uint8{255, 255, 0})
	f(categoriesChina, 101, 150, 3, "轻度污染", "orange", [3]uint8{255, 126, 0})
	f(categoriesChina, 151, 200, 4, "中度污染", "red", [3]uint8{255, 0, 0})
	f(categoriesChina, 201, 300, 5, "重度污染", "purple", [3]uint8{153, 0, 76})
	f(categoriesChina, 301, 500, 6, "严重污染", "maroon", [3]uint8{126, 0, 35})
	f(categoriesEPA, 0, 50, 1, "Good", "green", [3]uint8{0, 228, 0})
	f(categoriesEPA, 51, 100, 2, "Moderate", "yellow", [3]uint8{255, 255, 0})
	f(categoriesEPA, 101, 150, 3, "Unhealthy for Sensitive Groups", "orange", [3]uint8{255, 126, 0})
	f(categoriesEPA, 151, 200, 4, "Unhealthy", "red", [3]uint8{255, 0, 0})
	f(categoriesEPA, 201, 300, 5, "Very Unhealthy", "purple", [3]uint8{143, 63, 151})
	f(categoriesEPA, 301, 3323, 6, "Hazardous", "maroon", [3]uint8{126, 0, 35})
}

func primaryIs(index *Index, want string) bool {
	return slices.Equal(index.Primary, strings.Fields(want))
}
