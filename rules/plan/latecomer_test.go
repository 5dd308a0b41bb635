package plan

import (
	"testing"

	"egret/ingest/reading"
)

// A station that begins in the year is not missing before: where a target stood is the same whether the days are judged one
// by one, as they come, or together, as after an outage.
func TestAStationThatBeginsLater(t *testing.T) {
	f := func(target Target, domain reading.Domain, row, before, after string) {
		t.Helper()
		c := cityOf(t, "2023-05-01", "2023-08-31", target)
		c.members = Members{Stations: stations(domain, "first", "late", "never")}
		for _, s := range c.members.Stations {
			s.Zone = "2"
		}
		c.days("first", row, from("2023-05-01", "2023-06-10"), number("50"))
		c.day("late", row, on("2023-06-10"), number("40"))
		together := c.plan.Judge(&c.plan.Targets[0], &c.members, c.world, from("2023-06-09", "2023-06-10"))
		for i, want := range []string{before, after} {
			day := together[i].Day.String()
			if got := inWords(&together[i]); got != want {
				t.Errorf("%s after %s: judged with the day behind it %s, want %s", target.Metric, day, got, want)
			}
			c.wants(day, want)
		}
	}
	// 40 of 40 days, of 123 at most 12 may fail; then 42 of 82, and of 42 + 2·82 at most 20.
	f(Target{Metric: NoiseDay, Comparison: AtLeast, Value: number("90"), Rounding: Exact}, reading.Noise, "ld",
		"100 40/40+83 meets open 12", "100 42/82+164 not enough valid data not enough data 20")
	// One of three stations would not be enough, but two of them have sent nothing yet.
	worst := Target{Metric: Maximum, Parameter: "pm25", Comparison: AtMost, Value: number("60"), Weight: ByStation, Rounding: Exact}
	f(worst, reading.Air, "pm25", "50 40/40+83 meets open 60", "50 42/82+164 meets open 60")
}
