package table

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"egret/ingest/intake"
	"egret/ingest/reading"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func testTable(t testing.TB) *Table {
	return New(reading.BuiltinParameters(), nil, shanghai, func(p Problem) { t.Error(p) })
}

// desk is a table, its register and what was reported of it.
type desk struct {
	table    *Table
	problems []string
}

func newDesk() *desk {
	d := &desk{}
	register := map[string]*reading.Station{
		"wx-1":  {ID: "wx-1", Domain: reading.Air, Period: reading.Hour},
		"river": {ID: "river", Domain: reading.Water, Period: reading.Hours4},
	}
	d.table = New(reading.BuiltinParameters(), register, shanghai, func(p Problem) { d.problems = append(d.problems, p.String()) })
	return d
}

// messages are the messages as texts: lines station period time, then what differs in the receipt, then values with flags.
func (d *desk) messages() []string {
	var rows []string
	show := func(instant int64) string {
		return time.Unix(0, instant).In(shanghai).Format("2006-01-02T15:04:05.999")
	}
	for m := range d.table.Messages() {
		s := m.Statement
		var lines []string
		for part := range m.Parts() {
			lines = append(lines, strconv.Itoa(part.Places[0].Line))
		}
		text := fmt.Sprintf("%s %s %s %s", strings.Join(lines, "+"), m.Station, s.Period, show(s.Time))
		if m.Received != s.Time+int64(s.Period.Length()) {
			text += " received " + show(m.Received)
		}
		for _, v := range s.Values {
			text += fmt.Sprintf(" %s=%v", v.Parameter, v.Number)
			if len(v.Flag) > 0 {
				text += fmt.Sprintf("(%s)", v.Flag)
			}
		}
		rows = append(rows, text)
	}
	return rows
}

// wantRead reads a file and holds rows and problems, which start with !, against want.
func wantRead(t *testing.T, text string, want ...string) *desk {
	t.Helper()
	d := newDesk()
	if err := d.table.Read("in.csv", strings.NewReader(text)); err != nil {
		t.Errorf("%q: %v", text, err)
	}
	got := d.messages()
	for _, p := range d.problems {
		got = append(got, "! "+p)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q is\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	c := d.table.Counts()
	if c.Problems != len(d.problems) || c.Rows < len(got)-len(d.problems) {
		t.Errorf("%q: counted are %+v", text, c)
	}
	return d
}

func TestLongTables(t *testing.T) {
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	f("time,station,parameter,value\n2026-03-01 10:00,wx-2,pm25,35.2\n2026-03-01 10:01,wx-2,co,0.6\n",
		"2 wx-2 rt 2026-03-01T10:00:00 pm25=35.2", "3 wx-2 rt 2026-03-01T10:01:00 co=0.6")
	f("time,station,parameter,value,period,flag\n2026-03-01 10:00,wx-2,pm25,35.2,1h,M\n", "2 wx-2 1h 2026-03-01T10:00:00 pm25=35.2(M)")
	// Columns in any order, names in any case, blanks around cells.
	f("Value, PARAMETER ,Time,Station\n 35.2 , PM25 , 2026-03-01 10:00 , wx-2 \n", "2 wx-2 rt 2026-03-01T10:00:00 pm25=35.2")
	// What is not known of stations and parameters is for the checks to say.
	f("time,station,parameter,value\n2026-03-01 10:00,站 1,pm52,35.2\n", "2 站 1 rt 2026-03-01T10:00:00 pm52=35.2")
	// The receipt, where it is given.
	f("time,station,parameter,value,received\n2026-03-01 10:00,wx-2,pm25,35.2,2026-03-01T04:05:06Z\n2026-03-01 10:00,wx-2,co,1,\n",
		"3 wx-2 rt 2026-03-01T10:00:00 co=1", "2 wx-2 rt 2026-03-01T10:00:00 received 2026-03-01T12:05:06 pm25=35.2")
}

func TestWideTables(t *testing.T) {
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	f("time,station,pm25,pm10\n2026-03-01 10:00,wx-2,35.2,61\n", "2 wx-2 rt 2026-03-01T10:00:00 pm10=61 pm25=35.2")
	f("station,pm25_flag,pm25,period,time,co\nwx-2,D,35.2,1d,2026-03-01,0.6\n", "2 wx-2 1d 2026-03-01T00:00:00 co=0.6 pm25=35.2(D)")
	f("time,station,pm25,pm25_flag,co,co_flag\n2026-03-01 10:00,wx-2,35.2,, 0.6 , 维护 \n", "2 wx-2 rt 2026-03-01T10:00:00 co=0.6(维护) pm25=35.2")
	f("time,station,received,ph\n2026-03-01 08:00,river,2026-03-01 13:30,7.1\n", "2 river 4h 2026-03-01T08:00:00 received 2026-03-01T13:30:00 ph=7.1")
}

// A row without a period has that of its station, and one without a receipt came in when its period was over.
func TestPeriodAndReceiptThatAreNotWritten(t *testing.T) {
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	f("time,station,pm25\n2026-03-01 10:00,wx-1,1\n2026-03-01 10:00,river,2\n2026-03-01 10:00,other,3\n",
		"4 other rt 2026-03-01T10:00:00 pm25=3", "2 wx-1 1h 2026-03-01T10:00:00 pm25=1", "3 river 4h 2026-03-01T10:00:00 pm25=2")
	f("time,station,period,pm25\n2026-03-01 10:00,wx-1,,1\n2026-03-01 10:00,wx-1,rt,2\n2026-03-01 10:00,wx-1,5m,3\n",
		"3 wx-1 rt 2026-03-01T10:00:00 pm25=2", "4 wx-1 5m 2026-03-01T10:00:00 pm25=3", "2 wx-1 1h 2026-03-01T10:00:00 pm25=1")
}

func TestFilesAreMergedByReceipt(t *testing.T) {
	d := newDesk()
	for name, text := range map[string]string{
		"a.csv": "time,station,period,pm25\n2026-03-01 10:00,a,1h,1\n2026-03-01 12:00,a,1h,3\n2026-03-01 11:00,a,1h,2\n",
	} {
		if err := d.table.Read(name, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	late := "time,station,period,pm25,received\n2026-03-01 10:00,b,1h,9,2026-03-01 12:30\n2026-03-01 10:00,b,rt,7,2026-03-01 12:00\n"
	if err := d.table.Read("b.csv", strings.NewReader(late)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 a 1h 2026-03-01T10:00:00 pm25=1",
		"4 a 1h 2026-03-01T11:00:00 pm25=2", // of one receipt: in the order of the stations
		"3 b rt 2026-03-01T10:00:00 received 2026-03-01T12:00:00 pm25=7",
		"2 b 1h 2026-03-01T10:00:00 received 2026-03-01T12:30:00 pm25=9",
		"3 a 1h 2026-03-01T12:00:00 pm25=3",
	}
	if got := d.messages(); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if again := d.messages(); !slices.Equal(again, want) {
		t.Error("the second look is another")
	}
}

// Rows that say of one station, period and instant what came in together are one message, however they are arranged.
func TestRowsOfOneMessage(t *testing.T) {
	want := "wx-1 1h 2026-03-01T10:00:00"
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	const long = "time,station,parameter,value,flag\n"
	f(long+"2026-03-01 10:00,wx-1,pm25,1,\n2026-03-01 10:00,wx-2,pm25,2,\n2026-03-01 10:00,wx-1,co,3,M\n", "3 wx-2 rt 2026-03-01T10:00:00 pm25=2", "2+4 "+want+" co=3(M) pm25=1")
	// The same reading twice: the later row corrects the one before.
	f(long+"2026-03-01 10:00,wx-1,pm25,1,\n2026-03-01 10:00,wx-1,co,3,\n2026-03-01 10:00,wx-1,pm25,2,\n2026-03-01 10:00,wx-1,o3,9,\n", "2+3 "+want+" co=3 pm25=1", "4+5 "+want+" o3=9 pm25=2")
	// What came in later, or is of another instant or period, is another message.
	f("time,station,parameter,value,period,received\n2026-03-01 10:00,wx-1,pm25,1,1h,\n2026-03-01 10:00,wx-1,co,2,1h,2026-03-01 11:01\n2026-03-01 11:00,wx-1,co,3,rt,2026-03-01 11:01\n2026-03-01 10:59,wx-1,so2,4,rt,2026-03-01 11:01\n",
		"2 "+want+" pm25=1", "5 wx-1 rt 2026-03-01T10:59:00 received 2026-03-01T11:01:00 so2=4", "4 wx-1 rt 2026-03-01T11:00:00 received 2026-03-01T11:01:00 co=3", "3 "+want+" received 2026-03-01T11:01:00 co=2")
}

// The marks that were found in public feeds.
func TestMarksOfNoValue(t *testing.T) {
	const head = "time,station,pm25,co,o3\n"
	for _, mark := range []string{"", " ", "NA", "na", "NaN", "null", "NULL", "-", "--", "-;", "—", "/", "*", "-999"} {
		d := wantRead(t, head+"2026-03-01 10:00,wx-2,"+mark+",0.6,"+mark+"\n", "2 wx-2 rt 2026-03-01T10:00:00 co=0.6")
		if c := d.table.Counts(); c.Empty != 2 || c.Values != 1 {
			t.Errorf("%q: %+v", mark, c)
		}
	}
	d := wantRead(t, head+"2026-03-01 10:00,wx-2,NA,--,/\n,,,,\n\n2026-03-01 11:00,wx-2,-9.99,-99,+1.5e1\n", "5 wx-2 rt 2026-03-01T11:00:00 co=-99 o3=15 pm25=-9.99")
	if c := d.table.Counts(); c.Empty != 3 {
		t.Errorf("%+v", c)
	}
}

func TestCellsThatCannotBeReadAndTheOthersOfTheRow(t *testing.T) {
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	const wide = "time,station,pm25,co,o3\n"
	number := func(place, key, text string) string {
		return fmt.Sprintf("! in.csv:%s: %s: %q is not a number: write digits with a point, such as 35.2, or leave the cell empty", place, key, text)
	}
	f(wide+"2026-03-01 10:00,wx-2,35.2,0.6x,71\n", "2 wx-2 rt 2026-03-01T10:00:00 o3=71 pm25=35.2", number("2:28", "co", "0.6x"))
	f(wide+`2026-03-01 10:00,wx-2,"35,2",<0.6,1e400`+"\n", number("2:23", "pm25", "35,2"), number("2:30", "co", "<0.6"), number("2:35", "o3", "1e400"))
	f(wide+"2026-03-01 10:00,wx-2,Inf,0x1p4,1_0\n", number("2:23", "pm25", "Inf"), number("2:27", "co", "0x1p4"), number("2:33", "o3", "1_0"))
	f(wide+"2026-03-01 10:00,wx-2,9.3e9,1.2.3,.\n", number("2:23", "pm25", "9.3e9"), number("2:29", "co", "1.2.3"), number("2:35", "o3", "."))
	f("time,station,parameter,value\n2026-03-01 10:00,wx-2,pm25,high\n", number("2:28", "pm25", "high"))

	// Without these nothing of the row can be used.
	f(wide+"yesterday,wx-2,1,2,3\n", `! in.csv:2:1: time "yesterday" is not a time: write 2026-03-01 10:00, or with its offset 2026-03-01T10:00:00+08:00`)
	f(wide+"2026-03-01 10:00,,1,2,3\n", "! in.csv:2:18: station is empty: say which station it is")
	f(wide+"2026-03-01 10:00,\xd1\xa9\xc0\xcb,1,2,3\n", // 雪浪
		"! in.csv:2:18: station is not in UTF-8, but perhaps in GBK: save the table as CSV in UTF-8")
	f("time,station,pm25,period\n2026-03-01 10:00,wx-2,1,2h\n", `! in.csv:2:25: period "2h" is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d`)
	f("time,station,pm25,received\n2026-03-01 10:00,wx-2,1,soon\n", `! in.csv:2:25: received "soon" is not a time: write 2026-03-01 10:00, or with its offset 2026-03-01T10:00:00+08:00`)
	f(wide+"2026-03-01 10:00,wx-2,1,2\n2026-03-01 11:00,wx-2,1,2,3\n", "3 wx-2 rt 2026-03-01T11:00:00 co=2 o3=3 pm25=1",
		"! in.csv:2: the row has 4 cells, the header 5: write a comma for each cell, also for empty ones")
	f(wide+"2026-03-01 10:00,wx-2,35,2,1,71\n2026-03-01 11:00,wx-2,1,2,3,,\n", "3 wx-2 rt 2026-03-01T11:00:00 co=2 o3=3 pm25=1",
		"! in.csv:2: the row has 6 cells, the header 5: put a text that holds a comma in quotation marks")
	quotes := `: the quotation marks do not match: a cell that starts with " ends with one, and one inside it is written twice`
	f(wide+"2026-03-01 10:00,w\"x-2,1,2,3\n2026-03-01 11:00,wx-2,1,2,3\n", "3 wx-2 rt 2026-03-01T11:00:00 co=2 o3=3 pm25=1", "! in.csv:2"+quotes)
	f(wide+"2026-03-01 10:00,wx-2,1,2,3\n2026-03-01 11:00,\"wx-2,1,2,3\n2026-03-01 12:00,wx-2,1,2,3\n", "2 wx-2 rt 2026-03-01T10:00:00 co=2 o3=3 pm25=1", "! in.csv:3"+quotes)
	// A cell of several lines: what follows is still found at its line.
	f("time,station,pm25,co\n2026-03-01 10:00,\"wx\n2\",1,x\n2026-03-01 10:00,a,1,x\n", "4 a rt 2026-03-01T10:00:00 pm25=1", "2 wx\n2 rt 2026-03-01T10:00:00 pm25=1", number("3:6", "co", "x"), number("4:22", "co", "x"))
}

func TestColumnsThatAreNoUse(t *testing.T) {
	f := func(text string, want ...string) { t.Helper(); wantRead(t, text, want...) }
	f("time,station,pm25,pm52,city\n2026-03-01 10:00,wx-2,1,2,无锡\n", "2 wx-2 rt 2026-03-01T10:00:00 pm25=1",
		"! in.csv:1:19: column \"pm52\" is not known, and left out: declare it under `parameters` with a unit and a range, or remove it",
		"! in.csv:1:24: column \"city\" is not known, and left out: declare it under `parameters` with a unit and a range, or remove it")
	f("time,station,pm25,co_flag,so2_flag\n2026-03-01 10:00,wx-2,1,M,M\n", "2 wx-2 rt 2026-03-01T10:00:00 pm25=1",
		`! in.csv:1:19: column "co_flag" has no column "co" beside it, and is left out`, `! in.csv:1:27: column "so2_flag" has no column "so2" beside it, and is left out`)
	f("time,station,pm25,PM25,\n2026-03-01 10:00,wx-2,1,2,\n", "2 wx-2 rt 2026-03-01T10:00:00 pm25=1", `! in.csv:1:19: column "PM25" stands there twice; the first one is taken`)
}

func TestWhatIsNoTable(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		d := newDesk()
		if err := d.table.Read("in.csv", strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	const example = "; the first row names the columns: time,station,parameter,value or time,station,pm25,pm10,…"
	f("", "in.csv: it is empty")
	f("\ufeff\n", "in.csv: it is empty")
	f("2026-03-01 10:00,wx-2,pm25,1\n", `in.csv: it has no column "time"`+example)
	f("time,pm25\n", `in.csv: it has no column "station"`+example)
	f("time,station,value\n", `in.csv: it has no column "parameter"`+example)
	f("time,station,parameter\n", `in.csv: it has no column "value"`+example)
	f("time,station\n", "in.csv: it has no column of a parameter"+example)
	f("time,station,parameter,value,pm25\n", "in.csv: it has the columns parameter and value, and pm25 besides: a table is long or wide, not both")
	f("time,station,pm25,flag\n", "in.csv: it has a column flag without parameter and value: in the wide form write pm25_flag beside pm25")
	f("time;station;pm25\n", "in.csv: its columns are not separated by commas: save it as CSV with commas")
	f("time\tstation\tpm25\n", "in.csv: its columns are not separated by commas: save it as CSV with commas")
	f("time，station，pm25\n", "in.csv: its columns are not separated by commas: save it as CSV with commas")
	f("\xca\xb1\xbc\xe4,station,pm25\n", "in.csv: it is not in UTF-8, but perhaps in GBK: save the table as CSV in UTF-8") // 时间
	f("PK\x03\x04 sheet", "in.csv: it is a spreadsheet or zip file: save it as CSV")
	f("\xff\xfet\x00i\x00", "in.csv: it is in UTF-16: save it as CSV in UTF-8")
	f("<html>502</html>", "in.csv: it is a web page: download the table itself")
	f("\x1f\x8b\x00", "in.csv: unpack gzip: unexpected EOF")
	d := newDesk()
	if err := d.table.ReadFile(filepath.Join(t.TempDir(), "none.csv"), nil); err == nil || !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// As files come from other systems: packed, with a mark at the start, with the line ends of Windows, from a pipe.
func TestFilesAsTheyCome(t *testing.T) {
	text := "\ufefftime,station,pm25\r\n2026-03-01 10:00,\"wx-2\",35.2\r\n"
	var zipped bytes.Buffer
	packer := gzip.NewWriter(&zipped)
	_, _ = packer.Write([]byte(text))
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	whole := zipped.String()
	for _, content := range []string{text, whole} {
		d := newDesk()
		file := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.table.ReadFile(file, nil); err != nil {
			t.Error(err)
		}
		if err := d.table.ReadFile(Stdin, strings.NewReader(content)); err != nil {
			t.Error(err)
		}
		if got := d.messages(); len(got) != 2 || got[0] != "2 wx-2 rt 2026-03-01T10:00:00 pm25=35.2" || got[1] != got[0] {
			t.Errorf("%q is %q", content, got)
		}
	}
	d := newDesk()
	if err := d.table.Read("cut.csv.gz", strings.NewReader(whole[:len(whole)-9])); err == nil || err.Error() != "cut.csv.gz: unexpected EOF" {
		t.Errorf("a file that is cut short: %v", err)
	}
}

// What is read goes through the checks of a message.
func TestMessagesAreChecked(t *testing.T) {
	d := newDesk()
	text := "time,station,pm25,pm25_flag,co,o3\n2026-03-01 10:00,wx-1,0,,0.6,5000\n"
	if err := d.table.Read("in.csv", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	checker := intake.NewChecker(reading.BuiltinParameters(), intake.Register{}, shanghai, intake.Limits{AcceptUnknown: true, ClockAhead: time.Minute, Horizon: time.Hour})
	for said := range d.table.Messages() {
		m := intake.Message{Station: said.Station, Received: said.Received, Decode: said.Decode}
		record, _, entry := checker.Take(&m, nil)
		if want := "air,station=wx-1,period=1h co=0.6,co_flag=0i,pm25=2,pm25_flag=5i,pm25_raw=0 1772330400000000000\n"; string(record.Lines) != want {
			t.Errorf("lines are\n%s", record.Lines)
		}
		if entry == nil || len(entry.Reasons) != 1 || entry.Reasons[0] != "o3: 5000 ug/m3 lies outside the plausible range -10 to 2000" {
			t.Errorf("refused is %+v", entry)
		}
	}
}
