package noise

import (
	"testing"

	"egret/ingest/reading"
	"egret/rules/standard"
)

func TestComplianceByZoneAndInTotal(t *testing.T) {
	var c Compliance
	add := func(zone, day, night string) {
		t.Helper()
		a := JudgeLevels(&Settings{}, zone, autumn, levels(t, day)[0], levels(t, night)[0], Level{})
		c.Add(&a)
	}
	add("1", "54.9", "44.6")
	add("1", "55.0", "45.1")
	add("1", "55.1", "-")
	add("2", "58", "51")
	add("2", "-", "-")
	add("4a", "71", "56")
	add("4a", "69", "56")
	add("4a", "69", "55")
	add("construction", "90", "90") // in no functional zone
	add("", "90", "90")

	f := func(name string, got Tally, meeting, counted int, rate string) {
		t.Helper()
		if got != (Tally{counted, meeting}) || got.Rate().Round(1, reading.HalfEven) != fixed(t, rate) || !got.Rate().Known() {
			t.Errorf("%s: %+v, %s %%", name, got, got.Rate().Fixed())
		}
	}
	f("zone 1 day", c.Zones["1"].Day, 2, 3, "66.7")
	f("zone 1 night", c.Zones["1"].Night, 1, 2, "50")
	f("zone 2 day", c.Zones["2"].Day, 1, 1, "100")
	f("zone 2 night", c.Zones["2"].Night, 0, 1, "0")
	f("zone 4a day", c.Zones["4a"].Day, 2, 3, "66.7")
	f("zone 4a night", c.Zones["4a"].Night, 1, 3, "33.3")
	f("total day", c.Total.Day, 5, 7, "71.4")
	f("total night", c.Total.Night, 2, 6, "33.3")
	if c.Zones["3"].Day.Rate().Known() || (Tally{}).Rate().Known() {
		t.Error("nothing has a rate")
	}
	if len(c.Zones) != 3 {
		t.Errorf("functional zones are %v", c.Zones)
	}
}

func TestMethodsOfCountingNameTheirSource(t *testing.T) {
	if s := PointTimes.Source(); s.Standard != "GB 3096-2008" || s.Certainty != standard.Remembered {
		t.Errorf("%+v", s)
	}
	if s := StationDays.Source(); s.Standard != "环办监测〔2024〕33号" || s.Certainty != standard.Reported {
		t.Errorf("%+v", s)
	}
}
