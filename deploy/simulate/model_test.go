package simulate_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"egret/deploy/simulate"
	"egret/ingest/reading"
)

var update = flag.Bool("update", false, "write the golden files anew")

// instant reads a time of the stations' zone.
func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, simulate.China)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func station(t *testing.T, id string) *reading.Station {
	t.Helper()
	network := simulate.Network()
	for i := range network {
		if network[i].ID == id {
			return &network[i]
		}
	}
	t.Fatalf("no station %s", id)
	return nil
}

// measured returns the values by parameter.
func measured(m *simulate.Model, s *reading.Station, at time.Time) map[string]float64 {
	numbers := make(map[string]float64)
	for _, v := range m.Readings(nil, s, at) {
		numbers[v.Parameter] = v.Number
	}
	return numbers
}

// mean is the plain mean over the hours [from, to) of 60 days, every 10 minutes.
func mean(t *testing.T, m *simulate.Model, s *reading.Station, parameter string, first string, from, to int) float64 {
	t.Helper()
	sum, count := 0.0, 0
	for day := range 60 {
		midnight := instant(t, first+" 00:00").AddDate(0, 0, day)
		for minute := from * 60; minute < to*60; minute += 10 {
			sum += measured(m, s, midnight.Add(time.Duration(minute)*time.Minute))[parameter]
			count++
		}
	}
	return sum / float64(count)
}

func TestTheNetworkCanBeRegistered(t *testing.T) {
	network := simulate.Network()
	seen, kinds := map[string]bool{}, map[string]int{}
	for _, s := range network {
		if err := reading.CheckID(s.ID); err != nil || seen[s.ID] {
			t.Errorf("%s: twice %v, %v", s.ID, seen[s.ID], err)
		}
		seen[s.ID] = true
		kinds[s.City+" "+s.Domain.String()]++
		if !strings.HasSuffix(s.Name, "(模拟)") || s.District == "" || s.Interval != time.Minute || s.Lat < 30 || s.Lon < 100 {
			t.Errorf("%+v", s)
		}
		if (s.Domain == reading.Water) != (s.Target != "") || (s.Domain == reading.Noise) != (s.Zone != "") {
			t.Errorf("%s: target %q, zone %q", s.ID, s.Target, s.Zone)
		}
	}
	if len(network) != 12 || len(kinds) != 12 {
		t.Errorf("%d stations: %v, want one of each domain in four cities", len(network), kinds)
	}
}

func TestReadingsArePlausibleAndHangTogetherAllYear(t *testing.T) {
	parameters := reading.BuiltinParameters()
	for seed := range uint64(3) {
		model := &simulate.Model{Seed: seed}
		for _, s := range simulate.Network() {
			for at := instant(t, "2026-01-01 00:00"); at.Year() == 2026; at = at.Add(97 * time.Minute) {
				got := measured(model, &s, at)
				for key, number := range got {
					p, err := parameters.Find(key)
					if err != nil || p.Domain != s.Domain || number < max(p.Low, 0) && key != "temp" || number > p.High {
						t.Fatalf("%s at %s: %s %g, %v", s.ID, at, key, number, err)
					}
				}
				falling := map[reading.Domain][]string{
					reading.Air:   {"pm10", "pm25"},
					reading.Water: {"tn", "nh3n"},
					reading.Noise: {"lmax", "l5", "l10", "leq", "l50", "l90", "l95", "lmin"},
				}[s.Domain]
				for i := 1; i < len(falling); i++ {
					if got[falling[i-1]] < got[falling[i]] {
						t.Fatalf("%s at %s: %s %g is below %s %g", s.ID, at, falling[i-1], got[falling[i-1]], falling[i], got[falling[i]])
					}
				}
				if got["nox"] < got["no2"] {
					t.Fatalf("%s at %s: NOx %g below NO2 %g", s.ID, at, got["nox"], got["no2"])
				}
			}
		}
	}
}

func TestDaysHaveTheirShape(t *testing.T) {
	m := &simulate.Model{Seed: 7}
	air, noise := station(t, "wx-air-1"), station(t, "wx-noise-1")
	if noon, night := mean(t, m, air, "o3", "2026-06-01", 11, 15), mean(t, m, air, "o3", "2026-06-01", 1, 5); noon < 2*night {
		t.Errorf("ozone %.1f at midday, %.1f at night", noon, night)
	}
	if day, night := mean(t, m, noise, "leq", "2026-06-01", 9, 18), mean(t, m, noise, "leq", "2026-06-01", 0, 5); day-night < 6 || day-night > 11 {
		t.Errorf("noise %.1f by day, %.1f at night", day, night)
	}
	if winter, summer := mean(t, m, air, "pm25", "2026-01-01", 0, 24), mean(t, m, air, "pm25", "2026-07-01", 0, 24); winter < 1.3*summer {
		t.Errorf("PM2.5 %.1f in winter, %.1f in summer", winter, summer)
	}
}

func TestReadingsFollowFromSeedStationAndTime(t *testing.T) {
	at := instant(t, "2026-11-21 10:00")
	m := &simulate.Model{Seed: 1}
	wuxi, nantong := station(t, "wx-air-1"), station(t, "nt-air-1")
	first := measured(m, wuxi, at)
	if again := measured(&simulate.Model{Seed: 1}, station(t, "wx-air-1"), at.UTC()); !reflect.DeepEqual(first, again) {
		t.Errorf("%v, then %v", first, again)
	}
	if reflect.DeepEqual(first, measured(&simulate.Model{Seed: 2}, wuxi, at)) || reflect.DeepEqual(first, measured(m, nantong, at)) || reflect.DeepEqual(first, measured(m, wuxi, at.Add(time.Minute))) {
		t.Error("another seed, station or minute gave the same readings")
	}
}

func TestAnEpisodeRisesAndFalls(t *testing.T) {
	s, start := station(t, "wx-air-1"), instant(t, "2026-11-21 10:00")
	calm := &simulate.Model{Seed: 1}
	bad := &simulate.Model{Seed: 1, Episodes: []simulate.Episode{simulate.Breach(start, 2*time.Hour)}}
	var ratios []float64
	for minute := -30; minute <= 150; minute += 15 {
		at := start.Add(time.Duration(minute) * time.Minute)
		usual, got := measured(calm, s, at), measured(bad, s, at)
		ratios = append(ratios, got["pm25"]/usual["pm25"])
		if got["o3"] != usual["o3"] || got["pm10"] < got["pm25"] {
			t.Errorf("minute %d: %v", minute, got)
		}
	}
	for i, want := range []float64{1, 1, 1, 4, 7, 7, 7, 7, 7, 4, 1, 1, 1} {
		if ratios[i] < want*0.97 || ratios[i] > want*1.03 {
			t.Errorf("%d minutes after the start PM2.5 is %.2f of the usual, want %.0f", i*15-30, ratios[i], want)
		}
	}
	if high := measured(bad, s, start.Add(time.Hour))["pm25"]; high < 115 {
		t.Errorf("PM2.5 is %g at the height of the breach", high)
	}
	if other := station(t, "nt-air-1"); !reflect.DeepEqual(measured(calm, other, start.Add(time.Hour)), measured(bad, other, start.Add(time.Hour))) {
		t.Error("the episode reached another station")
	}
	louder := &simulate.Model{Seed: 1, Episodes: []simulate.Episode{{Station: "wx-noise-1", Parameters: []string{"leq"}, Start: start, Length: time.Hour, Strength: 10}}}
	noise, middle := station(t, "wx-noise-1"), start.Add(30*time.Minute)
	if rise := measured(louder, noise, middle)["leq"] - measured(calm, noise, middle)["leq"]; rise < 9.89 || rise > 10.11 {
		t.Errorf("ten times the sound energy is %.2f dB more", rise)
	}
}

func TestAnHourOfThreeStations(t *testing.T) {
	model := &simulate.Model{Seed: 20261121}
	var got []byte
	for _, id := range []string{"wx-air-1", "wx-water-1", "wx-noise-1"} {
		s := station(t, id)
		for minute := range 60 {
			at := instant(t, "2026-11-21 08:00").Add(time.Duration(minute) * time.Minute)
			got = append(simulate.AppendJSON(got, model.Readings(nil, s, at), at), '\n')
		}
	}
	path := filepath.Join("testdata", "hour.jsonl")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wanted := bytes.Split(want, []byte("\n"))
	for i, line := range bytes.Split(got, []byte("\n")) {
		if i >= len(wanted) || !bytes.Equal(line, wanted[i]) {
			t.Fatalf("line %d of %s differs (run with -update if it should):\n%s", i+1, path, line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d bytes, %s has %d", len(got), path, len(want))
	}
}
