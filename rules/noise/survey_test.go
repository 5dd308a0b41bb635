package noise

import (
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
)

func TestEveryBoundOfTheGrades(t *testing.T) {
	f := func(survey Survey, level string, want Grade) {
		t.Helper()
		if got := survey.Grade(mean.Whole(fixed(t, level))); got != want {
			t.Errorf("survey %d, %s dB: grade %d, want %d", survey, level, got, want)
		}
	}
	// HJ 640-2012, area and road, by day and at night
	f(AreaDay, "0", Good)
	f(AreaDay, "50.0", Good)
	f(AreaDay, "50.1", FairlyGood)
	f(AreaDay, "55.0", FairlyGood)
	f(AreaDay, "55.1", Moderate)
	f(AreaDay, "60.0", Moderate)
	f(AreaDay, "60.1", FairlyPoor)
	f(AreaDay, "65.0", FairlyPoor)
	f(AreaDay, "65.1", Poor)
	f(AreaDay, "90", Poor)
	f(AreaNight, "40.0", Good)
	f(AreaNight, "40.1", FairlyGood)
	f(AreaNight, "45.0", FairlyGood)
	f(AreaNight, "45.1", Moderate)
	f(AreaNight, "50.0", Moderate)
	f(AreaNight, "50.1", FairlyPoor)
	f(AreaNight, "55.0", FairlyPoor)
	f(AreaNight, "55.1", Poor)
	f(RoadDay, "68.0", Good)
	f(RoadDay, "68.1", FairlyGood)
	f(RoadDay, "70.0", FairlyGood)
	f(RoadDay, "70.1", Moderate)
	f(RoadDay, "72.0", Moderate)
	f(RoadDay, "72.1", FairlyPoor)
	f(RoadDay, "74.0", FairlyPoor)
	f(RoadDay, "74.1", Poor)
	f(RoadNight, "58.0", Good)
	f(RoadNight, "58.1", FairlyGood)
	f(RoadNight, "60.0", FairlyGood)
	f(RoadNight, "60.1", Moderate)
	f(RoadNight, "62.0", Moderate)
	f(RoadNight, "62.1", FairlyPoor)
	f(RoadNight, "64.0", FairlyPoor)
	f(RoadNight, "64.1", Poor)
	// between the tenths
	f(AreaDay, "50.049", Good)
	f(AreaDay, "50.05", Good)
	f(AreaDay, "50.050000001", FairlyGood)
	f(RoadNight, "64.051", Poor)
}

func TestAGradeIsThatOfTheExactMean(t *testing.T) {
	// a hundredth of 1e-9 above the tie: nine decimals do not show it
	tie := mean.Ratio{Sum: mean.SumOf(50_050_000_000*100 + 1), Count: 100}
	if tie.Fixed() != 50_050_000_000 || AreaDay.Grade(tie) != FairlyGood {
		t.Errorf("%s is grade %d", tie.Fixed(), AreaDay.Grade(tie))
	}
	if g := AreaDay.Grade(mean.Ratio{}); g != NoGrade || g.Name() != "" || g.Word() != "" {
		t.Errorf("no mean is grade %d %s %s", g, g.Name(), g.Word())
	}
}

func TestGradesInChinese(t *testing.T) {
	f := func(g Grade, number int, name, word string) {
		t.Helper()
		if int(g) != number || g.Name() != name || g.Word() != word {
			t.Errorf("grade %d is %s %s", g, g.Name(), g.Word())
		}
	}
	f(Good, 1, "一级", "好")
	f(FairlyGood, 2, "二级", "较好")
	f(Moderate, 3, "三级", "一般")
	f(FairlyPoor, 4, "四级", "较差")
	f(Poor, 5, "五级", "差")
}

func road(t *testing.T, level, length string) Road {
	return Road{Level: Known(fixed(t, level)), Length: fixed(t, length)}
}

func TestMeansOfACity(t *testing.T) {
	// H23
	roads := []Road{road(t, "66.3", "2.1"), road(t, "69.8", "1.4"), road(t, "72.5", "0.5")}
	if m := RoadMean(roads); m.Round(1, reading.HalfEven) != fixed(t, "68.3") || RoadDay.Grade(m).Name() != "二级" || m.Compare(fixed(t, "68.3")) != 0 {
		t.Errorf("roads have %s", m.Fixed())
	}
	area := AreaMean(levels(t, "52.3 54.8 57.1 49.9 56.0"))
	if area.Compare(fixed(t, "54.02")) != 0 || area.Round(1, reading.HalfEven) != fixed(t, "54") || AreaDay.Grade(area).Word() != "较好" {
		t.Errorf("area has %s", area.Fixed())
	}

	// What is missing has no weight, nor has a road without a length.
	gap := append(roads, Road{Level: Level{Value: 99 * dB}, Length: 9 * dB}, road(t, "90", "0"), road(t, "90", "-1"))
	if RoadMean(gap) != RoadMean(roads) {
		t.Errorf("with gaps roads have %s", RoadMean(gap).Fixed())
	}
	if m := AreaMean(levels(t, "- 50 - 60")); m.Compare(55*dB) != 0 {
		t.Errorf("with gaps the area has %s", m.Fixed())
	}
	if RoadMean(nil).Known() || RoadMean([]Road{{Length: dB}}).Known() || AreaMean(nil).Known() || AreaMean(levels(t, "- -")).Known() {
		t.Error("nothing has a mean")
	}
	// Lengths of metres and kilometres say the same, however long, and a level may be below 0.
	long := []Road{road(t, "66.3", "2100000"), road(t, "69.8", "1400000"), road(t, "72.5", "500000")}
	if RoadMean(long).Compare(fixed(t, "68.3")) != 0 {
		t.Errorf("long roads have %s", RoadMean(long).Fixed())
	}
	if m := RoadMean([]Road{road(t, "-10", "3"), road(t, "2", "1")}); m.Compare(-7*dB) != 0 {
		t.Errorf("quiet roads have %s", m.Fixed())
	}
}
