package noise

import (
	"testing"
	"time"

	"egret/rules/calendar"
	"egret/rules/standard"
)

func TestLimitsAtBoundaries(t *testing.T) {
	f := func(activity Activity, zone, day, night string) {
		t.Helper()
		out, ok := BoundaryLimits(activity, zone, autumn, Outdoors)
		if !ok || out.Day != fixed(t, day) || out.Night != fixed(t, night) {
			t.Errorf("activity %d in zone %s: %+v, %t", activity, zone, out, ok)
		}
		in, ok := BoundaryLimits(activity, zone, autumn, Indoors)
		if !ok || in.Day != out.Day-10*dB || in.Night != out.Night-10*dB || in.Frequent != out.Frequent || in.Occasional != out.Occasional {
			t.Errorf("activity %d in zone %s, indoors: %+v, %t", activity, zone, in, ok)
		}
	}
	for _, activity := range []Activity{Industry, SocialLife} { // table 1 of GB 12348-2008 and of GB 22337-2008
		f(activity, "0", "50", "40")
		f(activity, "1", "55", "45")
		f(activity, "2", "60", "50")
		f(activity, "3", "65", "55")
		f(activity, "4", "70", "55")
		f(activity, "4a", "70", "55")
		f(activity, "4b", "70", "55")
		for _, zone := range []string{"", "5", "construction"} {
			if b, ok := BoundaryLimits(activity, zone, autumn, Outdoors); ok || b != (Boundary{}) {
				t.Errorf("activity %d in zone %q: %+v", activity, zone, b)
			}
		}
	}
	f(Construction, "", "70", "55")
	f(Construction, "1", "70", "55")
}

func TestEditionsOfTheEmissionStandards(t *testing.T) {
	f := func(activity Activity, day calendar.Day, want string, source, indoors, frequent, occasional standard.Certainty) {
		t.Helper()
		b, ok := BoundaryLimits(activity, "2", day, Outdoors)
		if ok != (want != "") || b.Source.Standard != want || b.Source.Certainty != source || b.FrequentSource.Certainty != frequent || b.OccasionalSource.Certainty != occasional {
			t.Errorf("activity %d on %s: %+v, %t", activity, day, b, ok)
		}
		if b, _ := BoundaryLimits(activity, "2", day, Indoors); b.Source.Standard != want || b.Source.Certainty != indoors {
			t.Errorf("activity %d on %s, indoors: %+v", activity, day, b)
		}
	}
	first := calendar.Date(2008, time.October, 1)
	f(Industry, first-1, "", 0, 0, 0, 0)
	f(Industry, first, "GB 12348-2008", 0, 0, 0, 0)
	f(Industry, autumn, "GB 12348-2008", 0, 0, 0, 0)
	f(SocialLife, first-1, "", 0, 0, 0, 0)
	f(SocialLife, first, "GB 22337-2008", 0, 0, 0, 0)
	f(Construction, calendar.Date(2012, time.June, 30), "", 0, 0, 0, 0)
	f(Construction, calendar.Date(2012, time.July, 1), "GB 12523-2011", 0, 0, 0, 0)
	f(Construction, calendar.Date(2025, time.December, 31), "GB 12523-2011", 0, 0, 0, 0)
	f(Construction, calendar.Date(2026, time.January, 1), "GB 12523-2025", standard.Reported, standard.Assumed, standard.Assumed, standard.Assumed)
}

func TestBoundariesAreJudged(t *testing.T) {
	const none, meets, exceeds = standard.NotEnough, standard.Meets, standard.Exceeds
	f := func(activity Activity, place Place, level string, day, night standard.Verdict) {
		t.Helper()
		b, _ := BoundaryLimits(activity, "2", autumn, place)
		leq := levels(t, level)[0]
		if b.JudgeDay(leq) != day || b.JudgeNight(leq) != night {
			t.Errorf("activity %d, %s dB: day %s, night %s", activity, level, b.JudgeDay(leq), b.JudgeNight(leq))
		}
	}
	f(Industry, Outdoors, "50.0", meets, meets)
	f(Industry, Outdoors, "50.1", meets, exceeds)
	f(Industry, Outdoors, "60.04", meets, exceeds)
	f(Industry, Outdoors, "60.06", exceeds, exceeds)
	f(Industry, Indoors, "40", meets, meets)
	f(Industry, Indoors, "40.1", meets, exceeds)
	f(Industry, Indoors, "50.1", exceeds, exceeds)
	f(SocialLife, Outdoors, "-", none, none)
	f(SocialLife, Indoors, "39.9", meets, meets)
	f(Construction, Outdoors, "70", meets, exceeds)
	f(Construction, Outdoors, "70.1", exceeds, exceeds)
	f(Construction, Outdoors, "55", meets, meets)
	f(Construction, Indoors, "60.1", exceeds, exceeds)

	g := func(activity Activity, place Place, lmax string, frequent, occasional standard.Verdict, ruled, ruledOccasional bool) {
		t.Helper()
		b, _ := BoundaryLimits(activity, "2", autumn, place)
		level := levels(t, lmax)[0]
		if got, ok := b.JudgeFrequent(level); ok != ruled || got != frequent {
			t.Errorf("activity %d, frequent %s dB: %s, %t", activity, lmax, got, ok)
		}
		if got, ok := b.JudgeOccasional(level); ok != ruledOccasional || got != occasional {
			t.Errorf("activity %d, occasional %s dB: %s, %t", activity, lmax, got, ok)
		}
	}
	g(Industry, Outdoors, "60", meets, meets, true, true) // 50+10, 50+15
	g(Industry, Outdoors, "60.1", exceeds, meets, true, true)
	g(Industry, Outdoors, "65", exceeds, meets, true, true)
	g(Industry, Outdoors, "65.1", exceeds, exceeds, true, true)
	g(Industry, Outdoors, "-", none, none, true, true)
	g(Industry, Indoors, "50.1", exceeds, meets, true, true)
	g(SocialLife, Outdoors, "120", none, none, false, false)
	g(Construction, Outdoors, "70", meets, meets, true, true)
	g(Construction, Outdoors, "70.1", exceeds, exceeds, true, true)
	g(Construction, Indoors, "60.1", exceeds, exceeds, true, true)
}
