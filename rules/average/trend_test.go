package average

import (
	"math"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// series reads the figures of periods: "7.8 6.9 7.1".
func series(t *testing.T, text string) []mean.Ratio {
	t.Helper()
	var figures []mean.Ratio
	for _, field := range strings.Fields(text) {
		number, err := reading.ParseFixed([]byte(field))
		if err != nil {
			t.Fatal(err)
		}
		figures = append(figures, mean.Whole(number))
	}
	return figures
}

func wantTrend(t *testing.T, figures []mean.Ratio, coefficient, critical string, direction int) {
	t.Helper()
	trend, ok := Spearman(figures)
	if !ok || trend.Coefficient.RatString() != coefficient || trend.Critical.At5.String() != critical || trend.Direction != direction {
		t.Errorf("%d periods: %s against %s, direction %d; want %s, %s, %d", len(figures), trend.Coefficient, trend.Critical.At5, trend.Direction, coefficient, critical, direction)
	}
}

func TestSpearman(t *testing.T) {
	f := func(figures, coefficient, critical string, direction int) {
		t.Helper()
		wantTrend(t, series(t, figures), coefficient, critical, direction)
	}
	f("7.8 6.9 7.1 6.2 5.5", "-9/10", "0.9", -1) // on the critical value
	f("5.5 6.2 7.1 6.9 7.8", "9/10", "0.9", 1)
	f("1.0 1.2 0.9 1.3 1.1", "3/10", "0.9", 0)
	f("1 2 3 4 5", "1", "0.9", 1)
	f("5 4 3 2 1", "-1", "0.9", -1)
	f("1 2 3 5 4 6", "33/35", "0.829", 1)
	f("1 2 3 4 6 7 5", "25/28", "0.714", 1)
	f("2 1 3 4 8 7 6 5", "31/42", "0.643", 1)
	f("9 8 7 6 5 4 3 2 1", "-1", "0.6", -1)
	f("1 2 3 4 5 6 7 8 9 10", "1", "0.564", 1)
	f("1 2 3 4 5 6 7 8 10 9", "163/165", "0.564", 1)
	f("1 2 3 4 5 6 7 8 9 10 11", "1", "0.564", 1) // no row for 11: the stricter one of 10
	f("1 2 3 4 5 6 7 8 9 10 11 12", "1", "0.506", 1)
	f("1 2 3 4 5 6 7 8 9 10 11 12 13", "1", "0.506", 1)
	for _, few := range []string{"", "1", "1 2 3 4"} {
		if _, ok := Spearman(series(t, few)); ok {
			t.Errorf("a trend of %q", few)
		}
	}
	if _, ok := Spearman(append(series(t, "1 2 3 4 5"), mean.Ratio{})); ok {
		t.Error("a trend with a year that has no figure")
	}
	if _, ok := Spearman(make([]mean.Ratio, 5)); ok {
		t.Error("a trend of years without figures")
	}
}

// Equal figures share the mean of their ranks.
func TestSpearmanOfEqualFigures(t *testing.T) {
	f := func(figures, coefficient string, direction int) {
		t.Helper()
		wantTrend(t, series(t, figures), coefficient, "0.9", direction)
	}
	f("3 3 3 3 3", "1/2", 0)          // Σd² = 10
	f("1 1 3 4 5", "39/40", 1)        // ranks 1.5 1.5 3 4 5: Σd² = 0.5
	f("1 2 2 4 5", "39/40", 1)        // ranks 1 2.5 2.5 4 5
	f("-1 -2 -2 -4 -5", "-37/40", -1) // ranks 5 3.5 3.5 2 1: Σd² = 38.5
}

// Ranks are those of the exact figures, however many values they are the means of.
func TestSpearmanComparesExactly(t *testing.T) {
	year := func(sum int64, days uint64) mean.Ratio { return mean.Ratio{Sum: mean.SumOf(sum), Count: days} }
	rising := []mean.Ratio{ // the first three are one number at the ninth decimal
		year(121_666_666_666, 365), year(122_000_000_000, 366), year(121_666_666_667, 365), year(1_000_000_003, 3), year(333_333_335, 1),
	}
	wantTrend(t, rising, "1", "0.9", 1)
	wantTrend(t, []mean.Ratio{year(10, 30), year(1, 3), year(122, 366), year(121, 363), year(108, 324)}, "1/2", "0.9", 0) // all equal
	huge := func(high int64, low uint64) mean.Ratio {
		return mean.Ratio{Sum: mean.Sum{High: high, Low: low}, Count: 2}
	}
	wantTrend(t, []mean.Ratio{huge(-2, 0), huge(-1, math.MaxUint64), huge(0, 1), huge(0, math.MaxUint64), huge(1, 0)}, "1", "0.9", 1)
}

// The table of critical values, at the levels 0.05 and 0.01.
func TestCriticalValues(t *testing.T) {
	f := func(periods int, at5, at1 string) {
		t.Helper()
		figures := make([]mean.Ratio, periods)
		for i := range figures {
			figures[i] = mean.Whole(reading.Fixed(i))
		}
		trend, ok := Spearman(figures)
		if c := trend.Critical; !ok || c.Periods != periods || c.At5.String() != at5 || c.At1.String() != at1 {
			t.Errorf("%d periods: %+v", periods, c)
		}
	}
	f(5, "0.9", "1")
	f(6, "0.829", "0.943")
	f(7, "0.714", "0.893")
	f(8, "0.643", "0.833")
	f(9, "0.6", "0.783")
	f(10, "0.564", "0.746")
	f(12, "0.506", "0.712")
}
