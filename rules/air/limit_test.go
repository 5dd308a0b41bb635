package air

import (
	"slices"
	"strings"
	"testing"

	"egret/rules/mean"
	"egret/rules/standard"
)

// Rows of GB 3095 as printed: grade I and II of 2012, then of 2026 transitional and final.
func TestEveryLimit(t *testing.T) {
	dates := []string{"2018-08-31", "2026-02-28", "2026-03-01", "2030-12-31", "2031-01-01"}
	f := func(parameter, statistic string, row string) {
		t.Helper()
		printed := strings.Fields(row)
		for i, date := range dates {
			phase := []int{0, 0, 2, 2, 4}[i]
			for grade := Grade1; grade <= Grade2; grade++ {
				limit, found := LimitsAt(on(t, date)).Limit(parameter, statistic, grade)
				if want := fixed(t, printed[phase+grade-1]); !found || limit.Value != want {
					t.Errorf("%s %s %s grade %d: %s, want %s", date, parameter, statistic, grade, limit.Value, want)
				}
			}
		}
	}
	f("so2", Year, "20 60  20 60  20 20")
	f("so2", Day, "50 150  50 150  50 50")
	f("so2", Hour, "150 500  150 500  150 150")
	f("no2", Year, "40 40  40 40  30 30")
	f("no2", Day, "80 80  80 80  50 50")
	f("no2", Hour, "200 200  200 200  200 200")
	f("co", Day, "4 4  4 4  4 4")
	f("co", Hour, "10 10  10 10  10 10")
	f("o3_8h", Day, "100 160  100 160  100 160")
	f("o3", Hour, "160 200  160 200  160 200")
	f("pm10", Year, "40 70  40 60  20 50")
	f("pm10", Day, "50 150  50 120  50 100")
	f("pm25", Year, "15 35  15 30  10 25")
	f("pm25", Day, "35 75  35 60  25 50")
	f("tsp", Year, "80 200  80 200  80 200")
	f("tsp", Day, "120 300  120 300  120 300")
	f("nox", Year, "50 50  50 50  40 40")
	f("nox", Day, "100 100  100 100  70 70")
	f("nox", Hour, "250 250  250 250  250 250")
	f("pb", Year, "0.5 0.5  0.5 0.5  0.5 0.5")
	f("pb", Quarter, "1 1  1 1  1 1")
	f("bap", Year, "0.001 0.001  0.001 0.001  0.001 0.001")
	f("bap", Day, "0.0025 0.0025  0.0025 0.0025  0.0025 0.0025")
}

func TestLimitNamesItsSource(t *testing.T) {
	f := func(date, parameter, standardName, phase, clause string, certainty standard.Certainty) {
		t.Helper()
		limit, _ := LimitsAt(on(t, date)).Limit(parameter, Day, Grade2)
		if want := (standard.Source{Standard: standardName, Clause: clause, Certainty: certainty}); limit.Source != want || limit.Phase != phase {
			t.Errorf("%s %s: %+v %q, want %+v %q", date, parameter, limit.Source, limit.Phase, want, phase)
		}
	}
	f("2018-08-31", "pm25", "GB 3095-2012", "", "table 1", standard.Reported)
	f("2018-09-01", "pm25", "GB 3095-2012 (amendment 2018)", "", "table 1", standard.Reported)
	f("2026-02-28", "nox", "GB 3095-2012 (amendment 2018)", "", "table 2", standard.Reported)
	f("2026-03-01", "pm25", "GB 3095-2026", "transitional", "table 1", standard.Seen)
	f("2030-12-31", "nox", "GB 3095-2026", "transitional", "table 2", standard.Seen)
	f("2031-01-01", "pm25", "GB 3095-2026", "final", "table 1", standard.Seen)
}

func TestStateOfTheAir(t *testing.T) {
	f := func(date, gases, particles string) {
		t.Helper()
		e := LimitsAt(on(t, date))
		if !strings.Contains(e.GasState, gases) || !strings.Contains(e.ParticleState, particles) {
			t.Errorf("%s: gases at %q, particles at %q", date, e.GasState, e.ParticleState)
		}
	}
	f("2018-08-31", "273 K", "273 K")
	f("2018-09-01", "298.15 K", "at the time of monitoring")
	f("2026-03-01", "298.15 K", "at the time of monitoring")
}

func TestWhereThereIsNoLimit(t *testing.T) {
	if LimitsAt(on(t, "2012-02-28")) != nil {
		t.Error("limits before GB 3095-2012")
	}
	e := LimitsAt(on(t, "2026-11-21"))
	f := func(parameter, statistic string, grade int) {
		t.Helper()
		if _, found := e.Limit(parameter, statistic, grade); found {
			t.Errorf("%s %s has a limit of grade %d", parameter, statistic, grade)
		}
	}
	f("pm25", Hour, Grade2)
	f("co", Year, Grade2)
	f("o3", Day, Grade2)
	f("o3_8h", Year, Grade2)
	f("temp", Day, Grade2)
	f("pm25", Day, 0)
	f("pm25", Day, 3)
	if want := []string{"so2", "no2", "co", "o3", "nox"}; !slices.Equal(e.Parameters(Hour), want) {
		t.Errorf("limits of 1 h: %v", e.Parameters(Hour))
	}
}

func TestAFigureIsRoundedBeforeItIsJudged(t *testing.T) {
	f := func(date, parameter, statistic, figure, compared string, want standard.Verdict) {
		t.Helper()
		limit, _ := LimitsAt(on(t, date)).Limit(parameter, statistic, Grade2)
		r := mean.Whole(fixed(t, figure))
		if got := limit.Judge(r); got != want || limit.Compared(r) != fixed(t, compared) {
			t.Errorf("%s %s %s %s: compared as %s, %s; want %s, %s", date, parameter, statistic, figure, limit.Compared(r), got, compared, want)
		}
	}
	f("2020-06-01", "pm25", Day, "75", "75", standard.Meets)
	f("2020-06-01", "pm25", Day, "75.49", "75", standard.Meets)
	f("2020-06-01", "pm25", Day, "75.5", "76", standard.Exceeds)
	f("2026-11-21", "pm25", Day, "60.5", "60", standard.Meets) // half to even
	f("2026-11-21", "pm25", Day, "60.500000001", "61", standard.Exceeds)
	f("2031-01-01", "pm25", Year, "25.4", "25", standard.Meets)
	f("2031-01-01", "pm25", Year, "25.51", "26", standard.Exceeds)
	f("2026-11-21", "co", Day, "4.05", "4", standard.Meets)
	f("2026-11-21", "co", Day, "4.051", "4.1", standard.Exceeds)
	f("2026-11-21", "pb", Year, "0.505", "0.5", standard.Meets)
	f("2026-11-21", "pb", Year, "0.506", "0.51", standard.Exceeds)
	f("2026-11-21", "bap", Day, "0.00255", "0.0026", standard.Exceeds)
	f("2026-11-21", "bap", Day, "0.00254", "0.0025", standard.Meets)
	f("2026-11-21", "o3_8h", Day, "160.5", "160", standard.Meets)
	f("2026-11-21", "o3_8h", Day, "161", "161", standard.Exceeds)
	limit, _ := LimitsAt(on(t, "2026-11-21")).Limit("pm25", Day, Grade2)
	if got := limit.Judge(mean.Ratio{}); got != standard.NotEnough {
		t.Errorf("no figure: %s", got)
	}
	third := mean.Ratio{Sum: mean.SumOf(181_500_000_001), Count: 3} // 60.5 and a third of the ninth decimal
	if got := limit.Judge(third); got != standard.Exceeds {
		t.Errorf("the exact mean %s: %s", third.Fixed(), got)
	}
}

func TestRoundingNamesItsSource(t *testing.T) {
	f := func(date, parameter, want string, certainty standard.Certainty) {
		t.Helper()
		limit, _ := LimitsAt(on(t, date)).Limit(parameter, Year, Grade2)
		if limit.Rounding.Standard != want || limit.Rounding.Certainty != certainty {
			t.Errorf("%s %s: %+v, want %s", date, parameter, limit.Rounding, want)
		}
	}
	f("2020-06-01", "pm25", "HJ 663-2013", standard.Remembered)
	f("2026-11-21", "pm25", "HJ 663-2026", standard.Reported)
	f("2026-11-21", "pb", "HJ 663-2013", standard.Remembered)
}

func TestCompletenessNamesItsSource(t *testing.T) {
	f := func(parameters, statistic string, before, since2026 standard.Source) {
		t.Helper()
		for _, parameter := range strings.Fields(parameters) {
			for date, want := range map[string]standard.Source{"2020-06-01": before, "2026-11-21": since2026, "2031-01-01": since2026} {
				if c := LimitsAt(on(t, date)).Completeness(parameter, statistic); c == nil || c.Source != want {
					t.Errorf("%s %s %s: %+v, want %+v", date, parameter, statistic, c, want)
				}
			}
		}
	}
	old := func(clause string, certainty standard.Certainty) standard.Source {
		return standard.Source{Standard: "GB 3095-2012", Clause: clause, Certainty: certainty}
	}
	table4 := standard.Source{Standard: "GB 3095-2026", Clause: "6.4, table 4", Certainty: standard.Seen}
	f("so2 no2 pm10 pm25 nox", Year, old("6.4, table 4", standard.Reported), table4)
	f("so2 no2 co pm10 pm25 nox", Day, old("6.4, table 4", standard.Reported), table4)
	f("o3", Eight, old("6.4, table 4", standard.Reported), table4)
	f("so2 no2 co o3 nox", Hour, old("6.4, table 4", standard.Remembered), table4)
	f("tsp bap pb", Year, old("6.4, table 4", standard.Remembered), table4)
	f("pb", Quarter, old("6.4, table 4", standard.Remembered), table4)
	f("tsp bap pb", Day, old("6.4, table 4", standard.Remembered), table4)

	before := standard.Source{Standard: "HJ 663-2013", Clause: "6.1.2", Certainty: standard.Reported}
	since2026 := standard.Source{Standard: "HJ 663-2026", Clause: "6.1.2", Certainty: standard.Reported}
	f("o3_8h", Day, before, since2026)
	f("o3_8h", Year, before, since2026)

	const noRow = "as table 4, which has no such row"
	ours := standard.Source{Standard: "GB 3095-2026", Clause: noRow, Certainty: standard.Assumed}
	f("pm10 pm25 tsp", Hour, old(noRow, standard.Assumed), ours)
	f("co", Year, old(noRow, standard.Assumed), ours)
	f("so2 no2 co pm10 pm25 nox o3_8h", Month, old(noRow, standard.Assumed), ours)
	f("tsp bap pb", Month, old(noRow, standard.Assumed), ours)
	if c := LimitsAt(on(t, "2026-11-21")).Completeness("temp", Day); c != nil {
		t.Errorf("temperature: %+v", *c)
	}
}
