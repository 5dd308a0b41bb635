package air

import (
	"slices"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
)

func TestYearStatistics(t *testing.T) {
	f := func(i int, parameter, statistic string, percentile int) {
		t.Helper()
		if s := YearStatistics[i]; s.Parameter != parameter || s.LimitStatistic() != statistic || s.Percentile != percentile {
			t.Errorf("%+v, want %s %s P%d", s, parameter, statistic, percentile)
		}
	}
	f(0, "so2", Year, 98)
	f(1, "no2", Year, 98)
	f(2, "pm10", Year, 95)
	f(3, "pm25", Year, 95)
	f(4, "co", Day, 95)
	f(5, "o3_8h", Day, 90)
	if len(YearStatistics) != 6 {
		t.Errorf("%d parameters", len(YearStatistics))
	}
}

func TestComposite(t *testing.T) {
	f := func(date, figures, want, main, terms string) {
		t.Helper()
		c := LimitsAt(on(t, date)).Composite(measured(t, figures))
		if !c.Known || c.Value != fixed(t, want) || !slices.Equal(c.Main, strings.Fields(main)) {
			t.Errorf("%s %s: %s %v, want %s %s", date, figures, c.Value, c.Main, want, main)
		}
		for i, term := range strings.Fields(terms) {
			if c.Terms[i].Value != fixed(t, term) {
				t.Errorf("%s: term of %s is %s, want %s", date, c.Terms[i].Parameter, c.Terms[i].Value, term)
			}
		}
	}
	const city = "so2=9 no2=28 pm10=62 pm25=38 co=1.1 o3_8h=172"
	f("2025-12-31", city, "4.17", "pm25", "0.15 0.7 0.89 1.09 0.28 1.08")
	f("2026-12-31", city, "4.50", "pm25", "0.15 0.7 1.03 1.27 0.28 1.08")
	f("2025-12-31", "so2=60 no2=40 pm10=70 pm25=35 co=4 o3_8h=160", "6", "so2 no2 pm10 pm25 co o3_8h", "1 1 1 1 1 1")
	f("2031-12-31", "so2=20 no2=30 pm10=50 pm25=25 co=4 o3_8h=176", "6.1", "o3_8h", "1 1 1 1 1 1.1")
	for _, partial := range []string{"", "so2=9 no2=28 pm10=62 pm25=38 co=1.1", "so2=9 no2=28 pm10=62 pm25=38 co=1.1 o3_8h=-"} {
		if c := LimitsAt(on(t, "2025-12-31")).Composite(measured(t, partial)); c.Known || len(c.Terms) != 0 {
			t.Errorf("a composite index of %q: %s", partial, c.Value)
		}
	}
}

func TestExceedanceMultiple(t *testing.T) {
	f := func(figure, limit, want string) {
		t.Helper()
		if got := ExceedanceMultiple(fixed(t, figure), fixed(t, limit)); got != fixed(t, want) {
			t.Errorf("%s over %s: %s, want %s", figure, limit, got, want)
		}
	}
	f("150", "75", "1")
	f("82", "75", "0.09") // 0.0933…
	f("75.375", "75", "0")
	f("76.125", "75", "0.02") // 0.015 exactly, to even
	f("75", "75", "0")
	f("40", "75", "0")
	f("4.1", "4", "0.02") // 0.025 exactly, to even
}

func TestShareOfGoodDays(t *testing.T) {
	days := []int{50, 100, 101, 38, 260, 99}
	if good := GoodDays(days); good != 4 {
		t.Errorf("%d good days", good)
	}
	f := func(days, valid int, want string) {
		t.Helper()
		if got := Rate(days, valid).Round(1, reading.HalfEven); got != fixed(t, want) {
			t.Errorf("%d of %d: %s %%, want %s", days, valid, got, want)
		}
	}
	f(4, 6, "66.7")
	f(365, 365, "100")
	f(305, 365, "83.6")
	f(0, 365, "0")
	f(1, 16, "6.2") // 6.25
	if Rate(0, 0).Known() {
		t.Error("a rate of no days")
	}
}

func TestAreaValue(t *testing.T) {
	f := func(values string, stations int, want string) {
		t.Helper()
		figure, known := AreaValue(append(ratios(t, values), mean.Ratio{}), stations) // one station without a figure
		got := "none"
		if known {
			got = figure.Fixed().String()
		}
		if got != want {
			t.Errorf("%s of %d stations: %s, want %s", values, stations, got, want)
		}
	}
	f("10 20 30", 4, "20") // 75 %
	f("10 20", 4, "none")
	f("10 20 30 40 50 60", 8, "35")
	f("10 20 30 40 50", 8, "none")
	f("10 20", 3, "15")
	f("10", 3, "none")
	f("10", 2, "10") // 50 %
	f("", 2, "none")
	f("", 0, "none")
	f("12.5", 1, "12.5")
}
