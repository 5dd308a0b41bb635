package noise

import (
	"testing"
	"time"

	"egret/rules/calendar"
	"egret/rules/standard"
)

func TestLimitsOfNoiseThatABuildingCarries(t *testing.T) {
	f := func(zone string, room Room, night bool, leq, bands string) {
		t.Helper()
		for _, activity := range []Activity{Industry, SocialLife} {
			l, ok := IndoorLimits(activity, zone, room, night, autumn)
			if !ok || l.Leq != fixed(t, leq) {
				t.Errorf("zone %s, room %d, night %t: %+v", zone, room, night, l)
			}
			for i, level := range levels(t, bands) {
				if l.Octaves[i] != level.Value {
					t.Errorf("zone %s, room %d, night %t: %s Hz has %s, want %s", zone, room, night, Bands[i], l.Octaves[i], level.Value)
				}
			}
			if activity == Industry && l.UnsteadyMax != 0 || activity == SocialLife && l.UnsteadyMax != l.Leq+10*dB {
				t.Errorf("zone %s, room %d: unsteady noise may have %s", zone, room, l.UnsteadyMax)
			}
		}
	}
	// Tables 2 and 3 of GB 12348-2008 and GB 22337-2008
	f("0", Bedroom, false, "40", "76 59 48 39 34")
	f("0", Bedroom, true, "30", "69 51 39 30 24")
	f("0", OtherRoom, false, "40", "76 59 48 39 34")
	f("0", OtherRoom, true, "30", "69 51 39 30 24")
	f("1", Bedroom, false, "40", "76 59 48 39 34")
	f("1", Bedroom, true, "30", "69 51 39 30 24")
	f("1", OtherRoom, false, "45", "79 63 52 44 38")
	f("1", OtherRoom, true, "35", "72 55 43 35 29")
	for _, zone := range []string{"2", "3", "4", "4a", "4b"} {
		f(zone, Bedroom, false, "45", "79 63 52 44 38")
		f(zone, Bedroom, true, "35", "72 55 43 35 29")
		f(zone, OtherRoom, false, "50", "82 67 56 49 43")
		f(zone, OtherRoom, true, "40", "76 59 48 39 34")
	}
	if _, ok := IndoorLimits(Industry, "5", Bedroom, false, autumn); ok {
		t.Error("zone 5 has limits")
	}
	if _, ok := IndoorLimits(Construction, "2", Bedroom, false, autumn); ok {
		t.Error("GB 12523 has tables 2 and 3")
	}
	if _, ok := IndoorLimits(Industry, "2", Bedroom, false, calendar.Date(2008, time.September, 30)); ok {
		t.Error("the tables hold before their standards")
	}
}

func TestRoomsAreJudged(t *testing.T) {
	const none, meets, exceeds = standard.NotEnough, standard.Meets, standard.Exceeds
	night, _ := IndoorLimits(SocialLife, "2", Bedroom, true, autumn)
	f := func(leq, lmax, bands string, wantLeq, wantMax, wantBands standard.Verdict) {
		t.Helper()
		unsteady, ok := night.JudgeUnsteady(levels(t, lmax)[0])
		octaves := Octaves(levels(t, bands))
		if got := night.JudgeLeq(levels(t, leq)[0]); got != wantLeq || unsteady != wantMax || !ok || night.JudgeOctaves(&octaves) != wantBands {
			t.Errorf("%s, %s, %s: %s, %s, %s", leq, lmax, bands, got, unsteady, night.JudgeOctaves(&octaves))
		}
	}
	f("35", "45", "72 55 43 35 29", meets, meets, meets)
	f("35.1", "45.1", "72.1 55 43 35 29", exceeds, exceeds, exceeds)
	f("-", "-", "- 55 43 35 29", none, none, none)
	f("30", "30", "72 55 43 35 29.1", meets, meets, exceeds)
	f("30", "30", "- 55 43 35.1 29", meets, meets, exceeds) // one that exceeds decides
	f("30", "30", "72 55 43.1 35 -", meets, meets, exceeds)
	f("30", "30", "72 55.1 43 35 29", meets, meets, exceeds)
	f("30", "30", "72 55 43 35 -", meets, meets, none)

	industry, _ := IndoorLimits(Industry, "2", Bedroom, true, autumn)
	if v, ok := industry.JudgeUnsteady(Known(120 * dB)); ok || v != none {
		t.Errorf("GB 12348-2008 says %s of Lmax in a room", v)
	}
}
