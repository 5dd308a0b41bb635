package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"egret/dashboards/api"
	"egret/deploy/config"
	"egret/ingest/intake"
	"egret/ingest/ledger"
)

const (
	pastDays   = 190 // of 2024
	pastMonths = 7
	pastHours  = pastDays * 24
	pastValues = pastHours * 2 * 2 // two stations, two parameters
)

// pastConfig is the configuration of a bureau with two stations.
func pastConfig(t *testing.T) (file string, c *config.Config) {
	t.Helper()
	listen := "{listen: \"127.0.0.1:0\"}\n"
	file = write(t, "data: "+t.TempDir()+"\nbroker: "+listen+"influxdb: "+listen+"http: "+listen+`journal: {disk_reserve: 64MiB}
unknown_stations: quarantine
stations:
  - {id: wx-1, domain: air, period: 1h, city: 无锡}
  - {id: wx-2, domain: air, period: 1h, city: 无锡}
rules:
  - {id: high, parameter: pm25, window: 2h, period: 1h, above: 1}
`)
	c, err := config.Load(file, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return file, c
}

// pastNumber is what a station measured in an hour: on day 1 of station 1 10 to 33, on day 2 11 to 34 …
func pastNumber(station, hour int) int { return 9*station + (hour/24)%20 + hour%24 + 1 }

// pastFiles are the past of two stations as two offices keep it: wide, with the time in columns and CO in ug/m3, and
// long, with the end of the hour and the latest row first.
func pastFiles(t *testing.T) []string {
	t.Helper()
	wide, long := "No,year,month,day,hour,PM2.5,CO,wd,name\n", ""
	for hour := range pastHours {
		at := time.Date(2024, 1, 1, hour, 0, 0, 0, time.UTC)
		wide += fmt.Sprintf("%d,%s,%d,%d,NE,锡山\n", hour+1, at.Format("2006,1,2,15"), pastNumber(1, hour), 100*pastNumber(1, hour))
		stamp := at.Add(time.Hour).Format("2006-01-02 15:04")
		long = fmt.Sprintf("%s,wx-2,pm25,%d\n%[1]s,wx-2,co,%.1[3]f\n", stamp, pastNumber(2, hour), float64(pastNumber(2, hour))/10) + long
	}
	return []string{csvFile(t, "wide.csv", wide), csvFile(t, "long.csv", "time,station,parameter,value\n"+long)}
}

var (
	wideOptions = strings.Fields("--time year,month,day,hour --map PM2.5=pm25 --map CO=co:ug/m3 --ignore No,wd --station-column name --station-map 锡山=wx-1")
	longOptions = strings.Fields("--time-is end")
)

// bringPast imports both files, and returns what the last line of each says.
func bringPast(t *testing.T, file string, files []string, more ...string) (totals [2]importTotals) {
	t.Helper()
	for i, options := range [][]string{wideOptions, longOptions} {
		_, totals[i] = importOf(t, append(append([]string{"-c", file, files[i]}, options...), more...)...)
	}
	return totals
}

// importOf runs egret import, and returns what it tells a person and what its last line says.
func importOf(t *testing.T, arguments ...string) (told string, totals importTotals) {
	t.Helper()
	lines, told, code := importWith(t, arguments...)
	if code != exitDone || json.Unmarshal([]byte(lines[len(lines)-1]), &totals) != nil || totals.Type != "import" {
		t.Fatalf("egret import %s ends with %d\n%s\n%s", strings.Join(arguments, " "), code, lines, told)
	}
	return told, totals
}

// importWith runs egret import.
func importWith(t *testing.T, arguments ...string) (lines []string, told string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	root := rootCommand()
	root.SetArgs(append([]string{"import"}, arguments...))
	root.SetOut(&out)
	root.SetErr(&errs)
	err := root.ExecuteContext(t.Context())
	if err != nil {
		fmt.Fprintln(&errs, err)
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n"), errs.String(), exitCode(err)
}

// wantPast holds what the service has against the past that was brought in.
func wantPast(t *testing.T, s *running) {
	t.Helper()
	l := s.ledger()
	if !l.AddsUp || l.Rules.Beyond != 0 || l.Rules.Corrected != 0 || l.Values.Journaled-l.Rules.Duplicates != pastValues {
		t.Errorf("the ledger is\n%v", l)
	}
	points := 0
	for _, found := range s.query("SELECT pm25, co, pm25_flag FROM air WHERE period = '1h' GROUP BY station") {
		station := map[string]int{"wx-1": 1, "wx-2": 2}[found.Tags["station"]]
		for _, row := range found.Values {
			var instant int64
			if err := json.Unmarshal(row[0], &instant); err != nil {
				t.Fatal(err)
			}
			hour := int(time.Unix(0, instant).Sub(time.Date(2023, 12, 31, 16, 0, 0, 0, time.UTC)) / time.Hour) // midnight in Shanghai
			number := pastNumber(station, hour)
			if got, want := fmt.Sprintf("%s %s %s", row[1], row[2], row[3]), fmt.Sprintf("%d %v 0", number, float64(number)/10); got != want {
				t.Fatalf("hour %d of %s is %s, want %s", hour, found.Tags["station"], got, want)
			}
			points++
		}
	}
	if points != 2*pastHours {
		t.Errorf("%d points are in the database, want %d", points, 2*pastHours)
	}
	figure := func(station, parameter, period, start, value string, count int) {
		t.Helper()
		var f api.Figure
		s.get("/api/v1/stations/"+station+"/figures/"+parameter+"/"+period+"?start="+start, &f)
		if got, err := json.Marshal(f.Value); err != nil || string(got) != value || f.Count != count {
			t.Errorf("%s %s of %s from %s: %s of %d, want %s of %d", station, parameter, period, start, got, f.Count, value, count)
		}
	}
	// The hours of a day rise by one each, so their mean is that of the first and the last: 10 and 33.
	figure("wx-1", "pm25", "day", "2024-01-01", "21.5", 24)
	figure("wx-1", "pm25", "day", "2024-01-20", "40.5", 24)
	figure("wx-2", "co", "day", "2024-02-03", "4.35", 24) // day 34 begins with 19+13: 32 to 55
	// The days of January go from 21.5 up to 40.5, and again from 21.5 to 31.5: (20*31 + 11*26.5)/31.
	figure("wx-1", "pm25", "month", "2024-01-01", "29.403225806", 31)
}

// The past of two offices is brought to a running serve: it is in the database and in the figures, once however often it
// is brought, and nobody is alerted of it.
func TestHistoryIsBroughtIn(t *testing.T) {
	file, c := pastConfig(t)
	room := &dutyRoom{}
	s := start(t, c, room)
	files := pastFiles(t)
	totals := bringPast(t, file, files)
	for i, got := range totals {
		want := importTotals{Type: "import", ID: got.ID, Values: pastHours * 2, Rows: []int{pastHours, pastHours * 2}[i], Stations: 1,
			First: "2024-01-01T00:00:00+08:00", Last: "2024-07-08T23:00:00+08:00", Taken: pastHours * 2, Known: got.Known}
		if got != want || got.Known == nil || *got.Known != 0 {
			t.Errorf("the totals are %+v, want %+v", got, want)
		}
	}
	if l := s.ledger(); l.Values.Waiting+l.Rules.Waiting != 0 || l.Messages.Received != 2*(pastMonths+1) {
		t.Errorf("the command has ended, and the ledger is\n%v", l)
	}
	wantPast(t, s)
	before := s.points("air")

	// A second time there is nothing to do.
	told, again := importOf(t, append([]string{"-c", file, files[1]}, longOptions...)...)
	wantText(t, told, "all of this was brought in at ", "--again")
	if l := s.ledger(); l.Values.Journaled != pastValues || again.Taken != pastHours*2 {
		t.Errorf("%+v, the ledger is\n%v", again, l)
	}
	totals = bringPast(t, file, files, "--again")
	if l := s.ledger(); l.Values.Journaled != 2*pastValues || *totals[1].Known != pastHours*2 {
		t.Errorf("%+v, the ledger is\n%v", totals, l)
	}
	wantPast(t, s)
	if after := s.points("air"); !maps.Equal(after, before) {
		t.Errorf("%d points, before there were %d, or they differ", len(after), len(before))
	}
	if alerts := room.told(); len(alerts) > 0 {
		t.Errorf("the duty room has heard %v", alerts)
	}
}

// Where no serve runs the journal has it, and the next serve works it off.
func TestHistoryIsBroughtInWithoutServe(t *testing.T) {
	file, c := pastConfig(t)
	files := pastFiles(t)
	if _, told, code := importWith(t, append([]string{"-c", file, files[0]}, wideOptions...)...); code != exitInput || !strings.Contains(told, "is no data directory of egret") {
		t.Errorf("into a directory that is none: %d, %s", code, told)
	}
	start(t, c).stop()
	told, totals := importOf(t, append([]string{"-c", file, files[0]}, wideOptions...)...)
	wantText(t, told, "all of it is in the journal; the next egret serve brings it into InfluxDB and the averages")
	if totals.Taken != pastHours*2 || totals.Known != nil {
		t.Errorf("the totals are %+v", totals)
	}
	wantText(t, mustEgret(t, "ledger", "-c", file), fmt.Sprintf("journaled %d = in InfluxDB 0 + waiting for it %[1]d", pastHours*2))
	s := start(t, c)
	bringPast(t, file, files) // the first is there
	wantPast(t, s)
}

// dying is a data directory whose user dies after a chunk was taken, before it knows that.
type dying struct {
	access
	after int
}

var errDied = errors.New("killed")

func (d *dying) ImportTake(ctx context.Context, chunk *intake.Chunk) (intake.Import, error) {
	state, err := d.access.ImportTake(ctx, chunk)
	if d.after--; d.after < 0 {
		return state, errDied
	}
	return state, err
}

// An import that is killed at any chunk, and once before its first, ends as one that was not.
func TestAnImportThatWasKilledGoesOn(t *testing.T) {
	file, c := pastConfig(t)
	s := start(t, c)
	files := pastFiles(t)
	for after := range pastMonths {
		where := location{file: file}
		var o importOptions
		o.files, o.quiet, o.table.timeIs, o.table.marks = files[1:], true, "end", "hj212"
		columns, err := o.table.columns()
		if err != nil {
			t.Fatal(err)
		}
		readings, err := readTables(c, columns, o.files, nil, newPrinter(io.Discard), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		b := bringer{pastReadings: cutHistory(readings, c.Subscriptions[0].Flags, c.Zone, sourceName(o.files)), zone: c.Zone, out: newPrinter(io.Discard), progress: newImportProgress(io.Discard, true)}
		if len(b.chunks) != pastMonths || b.chunks[0].messages != 31*24 {
			t.Fatalf("the chunks are %v", b.chunks)
		}
		err = where.with(func(data access) error { return b.run(t.Context(), &dying{data, 0}, o) })
		if !errors.Is(err, errDied) {
			t.Fatalf("chunk %d: %v", after, err)
		}
	}
	told, _ := importOf(t, append([]string{"-c", file, files[1]}, longOptions...)...)
	wantText(t, told, "all of this was brought in")
	bringPast(t, file, files)
	if l := s.ledger(); l.Values.Journaled != pastValues || l.Rules.Duplicates != 0 {
		t.Errorf("the ledger is\n%v", l)
	}
	wantPast(t, s)
}

// The test runs itself as the serve that is killed, again and again while history comes in.
func TestAServeThatIsKilledWhileHistoryComesIn(t *testing.T) {
	const variable = "EGRET_TEST_IMPORT_CONFIG"
	if file := os.Getenv(variable); file != "" {
		c, err := config.Load(file, os.LookupEnv)
		if err != nil {
			t.Fatal(err)
		}
		s, err := startService(c, "egret serve", nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(s.httpURL())
		t.Fatal(s.Run(t.Context())) // until killed
	}
	file, c := pastConfig(t)
	files := pastFiles(t)
	serve := func() (victim *exec.Cmd, address string) {
		victim = exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		victim.Env = append(os.Environ(), variable+"="+file)
		output, err := victim.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		if address, err = bufio.NewReader(output).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		return victim, strings.TrimSpace(address)
	}
	for round := range 4 {
		victim, address := serve()
		ended := make(chan int, 1)
		go func() {
			_, _, code := importWith(t, append([]string{"-c", file, files[0]}, wideOptions...)...)
			ended <- code
		}()
		await(t, "another chunk is journaled", func() bool {
			var l ledger.Ledger
			status, body := request(t, http.MethodGet, address+"/api/v1/ledger")
			return status == http.StatusOK && json.Unmarshal([]byte(body), &l) == nil && l.Messages.Journaled > uint64(round)
		})
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = victim.Wait() // "killed" is no news
		if code := <-ended; code != exitDone && code != exitUnreachable {
			t.Errorf("round %d: the import ends with %d", round, code)
		}
	}
	s := start(t, c)
	bringPast(t, file, files)
	if l := s.ledger(); l.Values.Journaled != pastValues || l.Messages.Received != 2*(pastMonths+1) {
		t.Errorf("the ledger is\n%v", l)
	}
	wantPast(t, s)
}

// What is refused is in quarantine; cells that cannot be read are reported; the command says both.
func TestWhatAnImportRefuses(t *testing.T) {
	file, c := pastConfig(t)
	s := start(t, c)
	rows := "time,station,pm25,co\n2024-01-01 08:00,wx-1,9999,0.6\n2024-01-01 08:00,nobody,7,0.6\n2024-01-01 09:00,wx-1,x,0.7\n"
	lines, told, code := importWith(t, "-c", file, csvFile(t, "in.csv", rows))
	var totals importTotals
	if len(lines) != 2 || json.Unmarshal([]byte(lines[1]), &totals) != nil || code != exitInput {
		t.Fatalf("%d\n%s\n%s", code, lines, told)
	}
	wantText(t, lines[0], `{"type":"refused","file":"`, `in.csv","line":4,"column":23,"reason":"pm25: \"x\" is not a number`)
	wantText(t, told, "in.csv:4:23: pm25: \"x\" is not a number", "refused: wx-1 2024-01-01T08:00:00+08:00: pm25: 9999 ug/m3 lies outside the plausible range -5 to 5000",
		"refused: nobody 2024-01-01T08:00:00+08:00: station \"nobody\" is not in the register",
		"2 taken, 3 refused (quarantine entries 1 to 1), 0 were there already; 0 cells empty, 1 cells or rows not read", "1 cells or rows could not be read; the rest was taken")
	if totals.Taken != 2 || totals.Refused != 3 || totals.Entries != 1 || totals.Unread != 1 {
		t.Errorf("the totals are %+v", totals)
	}
	if l := s.ledger(); !l.AddsUp || l.Values.Journaled != 2 || l.Values.Rejected != 3 || l.Quarantine.Kept != 1 {
		t.Errorf("the ledger is\n%v", l)
	}
	wantText(t, mustEgret(t, "quarantine", "show", "1", "-c", file), "from      import in.csv", "format    import hj212", "2024-01-01T00:00:00Z,nobody,co,0.6,rt")

	// Nothing taken at all, nothing readable at all, and columns that nobody knows.
	_, told, code = importWith(t, "-c", file, "--quiet", csvFile(t, "none.csv", "time,station,pm25\n2024-01-01 08:00,nobody,7\n"))
	if code != exitInput || told != "no reading was taken; egret quarantine list says why\n" {
		t.Errorf("%d %s", code, told)
	}
	_, told, code = importWith(t, "-c", file, csvFile(t, "none.csv", "time,station,pm25,wd,pm2.5\n2024-01-01 08:00,wx-1,7,NE,1\n"))
	if code != exitInput || !strings.Contains(told, `nobody says what its columns "wd" "pm2.5" are`) {
		t.Errorf("%d %s", code, told)
	}
	_, told, code = importWith(t, "-c", file, "--map", "PM2_5=pm25", csvFile(t, "none.csv", "time,station,pm25\n2024-01-01 08:00,wx-1,7\n"))
	if code != exitInput || !strings.Contains(told, `no file has a column "PM2_5", which --map names`) {
		t.Errorf("%d %s", code, told)
	}
}

func TestImportCommandLinesThatAreNotRight(t *testing.T) {
	in := csvFile(t, "in.csv", morning)
	for _, line := range []string{"", "--time-is noon", "--period 2h", "--map PM2.5", "--map =pm25", "--map PM=pm52", "--map CO=co:kg", "--station-map x", "--flags none", "--station a --station-column b", "--time-format 15:04"} {
		arguments := strings.Fields(line)
		if line != "" {
			arguments = append(arguments, in)
		}
		if _, told, code := importWith(t, arguments...); code != exitUsage {
			t.Errorf("egret import %s ends with %d: %s", line, code, told)
		}
	}
}

// replay reads the same tables with the same options.
func TestReplayReadsForeignTables(t *testing.T) {
	foreign := "日期,小时,站,PM2.5,CO,wd\n20260301,9,锡山,70,600,N\n20260301,10,锡山,90,NA,N\n20260301,11,锡山,30.5,500,N\n20260301,12,锡山,30,400,N\n"
	want, _, _ := replayOf(t, replayConfig, morning, "-")
	got, told, code := replayOf(t, replayConfig, foreign, "-", "--time", "日期,小时", "--time-is", "end", "--station-column", "站", "--station-map", "锡山=wx-1",
		"--map", "PM2.5=pm25", "--map", "CO=co:ug/m3", "--ignore-others")
	if code != exitDone || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%d %s\n%s", code, told, strings.Join(got, "\n"))
	}
}

// busy takes nothing for a while.
type busy struct {
	access
	times int
}

func (b *busy) Ledger(context.Context) (ledger.Ledger, error) { return ledger.Ledger{}, nil }

func (b *busy) ImportState(_ context.Context, id string) (api.ImportState, error) {
	return api.ImportState{Import: intake.Import{ID: id}}, nil
}

func (b *busy) ImportTake(_ context.Context, chunk *intake.Chunk) (intake.Import, error) {
	if b.times--; b.times >= 0 {
		return intake.Import{}, busyError{errors.New("the journal is full")}
	}
	time.Sleep(3 * time.Second)
	return intake.Import{ID: chunk.Import, Next: chunk.Number + 1, Done: chunk.Last, Taken: 48}, nil
}

// A journal that is full is waited for, and a person is told why nothing moves.
func TestAnImportWaitsAndTellsHowFarItIs(t *testing.T) {
	f := func(terminal bool, want string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			_, c := pastConfig(t)
			table := "time,station,pm25\n2024-01-30 23:00,wx-1,1\n2024-01-31 23:00,wx-1,1\n2024-02-01 00:00,wx-1,1\n2024-02-01 01:00,wx-1,1\n"
			out := newPrinter(io.Discard)
			var told bytes.Buffer
			p := newImportProgress(&told, false)
			p.terminal, p.of = terminal, 4
			var o importOptions
			o.table.timeIs = "start"
			columns, err := o.table.columns()
			if err != nil {
				t.Fatal(err)
			}
			readings, err := readTables(c, columns, []string{"-"}, strings.NewReader(table), out, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			b := bringer{pastReadings: cutHistory(readings, c.Subscriptions[0].Flags, c.Zone, "import"), zone: c.Zone, out: out, progress: p}
			if err := b.run(t.Context(), &busy{times: 3}, o); err != nil {
				t.Fatal(err)
			}
			if text, _, _ := strings.Cut(told.String(), "4 values of 1"); text != want {
				t.Errorf("told is %q, want %q", text, want)
			}
		})
	}
	const without = "all of it is in the journal; the next egret serve brings it into InfluxDB and the averages\n"
	f(false, "waiting: the journal is full\n50 %  2 of 4 values, 0 refused, 0/s, 2s left\n100 %  4 of 4 values, 0 refused, 0/s, 0s left\n"+without)
	const half, whole = "[############------------] 50 %  2 of 4 values, 0 refused, 0/s, 2s left", "[########################] 100 %  4 of 4 values, 0 refused, 0/s, 0s left"
	f(true, "waiting: the journal is full\n\r"+half+"\r"+whole+"\r"+strings.Repeat(" ", len(whole))+"\r"+without)
}

// Only the machine that Egret runs on may change the past.
func TestHistoryIsNotTakenOverTheNetwork(t *testing.T) {
	s := start(t, embeddedConfig(t.TempDir()))
	for _, question := range []string{"POST /api/v1/import/x/0?flags=hj212", "DELETE /api/v1/import/x"} {
		method, path, _ := strings.Cut(question, " ")
		request, err := http.NewRequest(method, "http://egret"+path, strings.NewReader(intake.RowsHeader))
		if err != nil {
			t.Fatal(err)
		}
		for from, refused := range map[string]bool{"192.0.2.7:4711": true, "127.0.0.1:4711": false, "[::1]:4711": false, "": true} {
			answer := httptest.NewRecorder()
			request.RemoteAddr = from
			s.handler().Routes().ServeHTTP(answer, request)
			if (answer.Code == http.StatusForbidden) != refused {
				t.Errorf("%s from %q is answered with %d", question, from, answer.Code)
			}
		}
	}
}
