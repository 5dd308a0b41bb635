package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const replayConfig = `stations:
  - {id: wx-1, domain: air, period: 1h}
  - {id: wx-2, domain: air}
rules:
  - {id: high, parameter: pm25, window: 2h, period: 1h, above: 75, clear_below: 60}
  - {id: silent, missing: 90m, stations: {ids: [wx-1]}}
`

// replayOf runs egret replay with a configuration over tables, which are files of their own, and over standard input.
func replayOf(t *testing.T, configuration, stdin string, arguments ...string) (lines []string, complaints string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	root := rootCommand()
	root.SetArgs(append([]string{"replay", "--quiet", "-c", write(t, configuration)}, arguments...))
	root.SetIn(strings.NewReader(stdin))
	root.SetOut(&out)
	root.SetErr(&errs)
	err := root.ExecuteContext(t.Context())
	if err != nil {
		fmt.Fprintln(&errs, err)
	}
	for line := range strings.Lines(out.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines, errs.String(), exitCode(err)
}

// told are the alerts among the lines: state rule/station/start at value.
func told(t *testing.T, lines []string) string {
	t.Helper()
	var told []string
	for _, line := range lines {
		var a struct {
			Type, ID, State, At string
			Value, Limit        json.Number
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if a.Type == "alert" {
			told = append(told, fmt.Sprintf("%s %s at %s %s/%s", a.State, a.ID, a.At, a.Value, a.Limit))
		}
	}
	return strings.Join(told, "\n")
}

func csvFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const morning = `time,station,pm25,co
2026-03-01 08:00,wx-1,70,0.6
2026-03-01 09:00,wx-1,90,NA
2026-03-01 10:00,wx-1,30.5,0.5
2026-03-01 11:00,wx-1,30,0.4
`

// 07:00 to 09:00 in Shanghai is 23:00 to 01:00 in UTC: the mean of 70 and 90 is above 75, that of 30.5 and 30 below 60.
const morningTold = `firing high/wx-1/pm25/2026-03-01T02:00:00Z at 2026-03-01T02:00:00Z 80/75
resolved high/wx-1/pm25/2026-03-01T02:00:00Z at 2026-03-01T04:00:00Z 30.25/75`

func TestReplayTellsTheAlertsOfAFile(t *testing.T) {
	lines, complaints, code := replayOf(t, replayConfig, "", csvFile(t, "morning.csv", morning))
	if got := told(t, lines); got != morningTold || code != exitDone || complaints != "" {
		t.Errorf("code %d, %s, told\n%s", code, complaints, got)
	}
	want := `{"type":"alert","id":"high/wx-1/pm25/2026-03-01T02:00:00Z","rule":"high","station":"wx-1","parameter":"pm25","severity":"warning","state":"firing",`
	first := ""
	for _, line := range lines {
		if strings.Contains(line, `"alert"`) && first == "" {
			first = line
		}
	}
	if !strings.HasPrefix(first, want) {
		t.Errorf("the first alert is\n%s", first)
	}
}

// The same readings in other forms give the same lines, byte for byte.
func TestTheFormOfATableDoesNotMatter(t *testing.T) {
	want, _, _ := replayOf(t, replayConfig, "", csvFile(t, "morning.csv", morning))
	f := func(name, stdin string, files ...string) {
		t.Helper()
		got, complaints, code := replayOf(t, replayConfig, stdin, files...)
		if code != exitDone || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: code %d, %s\n%s", name, code, complaints, strings.Join(got, "\n"))
		}
	}
	f("standard input", morning, "-")
	var zipped bytes.Buffer
	packer := gzip.NewWriter(&zipped)
	_, _ = packer.Write([]byte(morning))
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	f("packed", zipped.String(), "-")
	rows := strings.SplitAfter(morning, "\n")
	f("several files, the later first", "", csvFile(t, "b.csv", rows[0]+rows[3]+rows[4]), csvFile(t, "a.csv", rows[0]+rows[1]+rows[2]))
	f("rows turned round", rows[0]+rows[4]+rows[2]+rows[3]+rows[1], "-")
	f("time in UTC, the period written", strings.NewReplacer("time,station", "time,period,station",
		"2026-03-01 08:00", "2026-03-01T00:00:00Z,1h", "2026-03-01 09:00", "2026-03-01T01:00:00Z,1h", "2026-03-01 10:00", "2026-03-01T02:00:00Z,1h", "2026-03-01 11:00", "2026-03-01T03:00:00Z,1h").Replace(morning), "-")
}

// Long or wide, in one file or in one for each parameter, the order of stations and columns: the same lines.
func TestTheArrangementOfATableDoesNotMatter(t *testing.T) {
	keys := []string{"pm25", "pm10", "so2", "no2", "co", "o3"}
	wide := "time,station,pm25,pm10,so2,no2,co,o3\n"
	long := "time,station,parameter,value\n"
	single := map[string]string{}
	for hour := range 30 {
		for _, station := range []string{"wx-2", "wx-1"} {
			stamp := fmt.Sprintf("2026-03-%02dT%02d:00", 1+hour/24, hour%24)
			wide += stamp + "," + station
			for i, key := range keys {
				number := strconv.Itoa(hour + i)
				wide += "," + number
				long += stamp + "," + station + "," + key + "," + number + "\n"
				single[key] = stamp + "," + station + "," + number + "\n" + single[key] // backwards
			}
			wide += "\n"
		}
	}
	configuration := strings.Replace(replayConfig, "wx-2, domain: air", "wx-2, domain: air, period: 1h", 1)
	want, complaints, code := replayOf(t, configuration, wide, "-")
	if code != exitDone || len(want) < 100 {
		t.Fatalf("code %d, %s, %d lines", code, complaints, len(want))
	}
	f := func(name, stdin string, files ...string) {
		t.Helper()
		got, complaints, code := replayOf(t, configuration, stdin, files...)
		if code != exitDone || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: code %d, %s, %d lines", name, code, complaints, len(got))
		}
	}
	f("long", long, "-")
	var files []string
	for _, key := range keys {
		files = append(files, csvFile(t, key+".csv", "time,station,"+key+"\n"+single[key]))
	}
	f("a file for each parameter", "", files...)
	slices.Reverse(files)
	f("the files turned round", "", files...)
}

// The clock ticks where nothing comes in, so that a silence is heard when it is 90 minutes old, and ended by a reading.
func TestReplayHearsSilences(t *testing.T) {
	text := "time,station,pm25\n2026-03-01 08:00,wx-1,30\n2026-03-01 12:00,wx-1,30\n"
	lines, _, code := replayOf(t, replayConfig, text, "-")
	want := `firing silent/wx-1/2026-03-01T01:00:00Z at 2026-03-01T02:31:00Z 5460/5400
resolved silent/wx-1/2026-03-01T01:00:00Z at 2026-03-01T05:00:00Z 14400/5400`
	if got := told(t, lines); got != want || code != exitDone {
		t.Errorf("code %d, told\n%s", code, got)
	}
	// To the end of a day the second silence is heard too.
	lines, _, _ = replayOf(t, replayConfig, text, "-", "--until", "2026-03-02")
	want += "\nfiring silent/wx-1/2026-03-01T05:00:00Z at 2026-03-01T06:31:00Z 5460/5400"
	if got := told(t, lines); got != want {
		t.Errorf("told\n%s", got)
	}
}

// A reading of 1970 among those of this year does not keep the clock ticking for 56 years.
func TestAReadingOfLongAgo(t *testing.T) {
	lines, complaints, code := replayOf(t, replayConfig, morning+"1970-01-01 08:00,wx-1,30,1\n", "-")
	if got := told(t, lines); !strings.HasSuffix(got, morningTold) || code != exitDone {
		t.Errorf("code %d, %s, told\n%s", code, complaints, got)
	}
}

func TestWhatReplayRefuses(t *testing.T) {
	f := func(text string, code int, complaints string, refused ...string) {
		t.Helper()
		file := csvFile(t, "in.csv", text)
		lines, got, gotCode := replayOf(t, replayConfig, "", file)
		var gotRefused []string
		for _, line := range lines {
			if strings.HasPrefix(line, `{"type":"refused",`) {
				gotRefused = append(gotRefused, strings.ReplaceAll(line, file, "in.csv"))
			}
		}
		if strings.Join(gotRefused, "\n") != strings.Join(refused, "\n") || gotCode != code || strings.ReplaceAll(got, file, "in.csv") != complaints {
			t.Errorf("%q: code %d\n%s\n%s", text, gotCode, got, strings.Join(gotRefused, "\n"))
		}
	}
	const head = "time,station,pm25,co\n"
	// What the checks refuse, as they would of a station.
	f(head+"2026-03-01 08:00,wx-1,70,600\n2026-03-01 08:00,nobody,70,1\n", exitDone, "",
		`{"type":"refused","file":"in.csv","line":3,"station":"nobody","reason":"station \"nobody\" is not in the register: add it under `+"`stations`"+` as id or alias, or set unknown_stations: accept"}`,
		`{"type":"refused","file":"in.csv","line":2,"station":"wx-1","reason":"co: 600 mg/m3 lies outside the plausible range -1 to 150"}`)
	f("time,station,pm25,received\n2026-03-01 08:00,wx-1,70,2026-03-04 08:00\n2026-03-01 08:00,wx-2,70,2026-03-01 07:30\n2026-03-01 08:00,wx-2,70,\n", exitDone, "",
		`{"type":"refused","file":"in.csv","line":3,"station":"wx-2","reason":"time 2026-03-01T08:00:00+08:00 lies 30m0s ahead of the receipt at 2026-03-01T07:30:00+08:00: the station's clock or zone is wrong (limits.clock_ahead is 10m0s)"}`,
		`{"type":"refused","file":"in.csv","line":2,"station":"wx-1","reason":"time 2026-03-01T08:00:00+08:00 lies 3 days before the receipt at 2026-03-04T08:00:00+08:00: older than limits.horizon (48h0m0s)"}`)
	f(head+"2026-03-01 08:00,nobody,70,1\n", exitInput, "no reading was taken; the lines of type refused say why\n",
		`{"type":"refused","file":"in.csv","line":2,"station":"nobody","reason":"station \"nobody\" is not in the register: add it under `+"`stations`"+` as id or alias, or set unknown_stations: accept"}`)
	// What cannot be read.
	f(head+"2026-03-01 08:00,wx-1,70,\"0,6\"\n", exitInput,
		"in.csv:2:26: co: \"0,6\" is not a number: write digits with a point, such as 35.2, or leave the cell empty\n1 cells or rows could not be read; the rest was taken\n",
		`{"type":"refused","file":"in.csv","line":2,"column":26,"reason":"co: \"0,6\" is not a number: write digits with a point, such as 35.2, or leave the cell empty"}`)
	f(head, exitInput, "the files hold no values\n")
	f("a,b\n", exitInput, "in.csv: it has no column \"time\"; the first row names the columns: time,station,parameter,value or time,station,pm25,pm10,…\n")
}

func TestManyBadCellsAreSaidOnce(t *testing.T) {
	text := "time,station,pm25\n2026-03-01 08:00,wx-1,70\n" + strings.Repeat("2026-03-01 08:00,wx-1,x\n", 50)
	lines, complaints, code := replayOf(t, replayConfig, text, "-")
	if got := strings.Count(complaints, "\n"); got != mostProblemsShown+2 || code != exitInput || !strings.Contains(complaints, "…and more") || len(lines) < 50 {
		t.Errorf("code %d, %d complaints:\n%s", code, got, complaints)
	}
}

// The marks of a network and the rule for low values decide what counts.
func TestFlagsAndLowValuesInAReplay(t *testing.T) {
	text := "time,station,pm25,pm25_flag\n2026-03-01 08:00,wx-1,90,T\n2026-03-01 09:00,wx-1,90,T\n"
	f := func(want int, configuration, text string, arguments ...string) {
		t.Helper()
		lines, complaints, code := replayOf(t, configuration, text, append(arguments, "-")...)
		got := told(t, lines)
		if code != exitDone || strings.Count(got, "high/") != want {
			t.Errorf("%v: code %d, %s, told\n%s", arguments, code, complaints, got)
		}
	}
	f(0, replayConfig, text)                        // HJ 212: above the range
	f(1, replayConfig, text, "--flags", "national") // corrected
	low := strings.Replace(replayConfig, "above: 75, clear_below: 60", "below: 1", 1)
	zeros := "time,station,pm25\n2026-03-01 08:00,wx-1,0\n2026-03-01 09:00,wx-1,-1\n"
	f(0, low, zeros)
	f(1, low+"low_values: keep\n", zeros)
}

func TestReplayCommandLines(t *testing.T) {
	f := func(code int, want string, arguments ...string) {
		t.Helper()
		_, complaints, got := replayOf(t, replayConfig, morning, arguments...)
		if got != code || !strings.Contains(complaints, want) {
			t.Errorf("%v ends with %d: %s", arguments, got, complaints)
		}
	}
	f(exitUsage, "arg(s)")
	f(exitUsage, `--until "tomorrow" is not a time`, "-", "--until", "tomorrow")
	f(exitUsage, "lies before the last receipt, 2026-03-01T12:00:00+08:00", "-", "--until", "2026-03-01 11:59")
	f(exitUsage, `flag table "eu" is not known: use one of hj212 hj212-2005 national surface-water`, "-", "--flags", "eu")
	f(exitInput, "none.csv", filepath.Join(t.TempDir(), "none.csv"))
	if _, complaints, code := replayOf(t, "zone: Mars\n", morning, "-"); code != exitInput || !strings.Contains(complaints, "zone") {
		t.Errorf("a bad configuration ends with %d: %s", code, complaints)
	}
	var totals bytes.Buffer
	root := rootCommand()
	root.SetArgs([]string{"replay", "-"})
	root.SetIn(strings.NewReader(morning))
	root.SetOut(&bytes.Buffer{})
	root.SetErr(&totals)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantText(t, totals.String(), "7 values in 4 rows: 7 taken, 0 refused; 1 cells empty, 0 cells or rows not read; 0 alerts told")
}
