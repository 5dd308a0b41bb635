package table

import (
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

func hour() *reading.Period {
	p := reading.Hour
	return &p
}

// wantMapped reads a foreign table and holds its messages, with units in brackets, and problems against want.
func wantMapped(t *testing.T, columns Columns, text string, want ...string) *desk {
	t.Helper()
	d := newDesk()
	if err := d.table.Map(columns); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := d.table.Read("in.csv", strings.NewReader(text)); err != nil {
		got = append(got, "! "+err.Error())
	}
	rows := d.messages()
	i := 0
	for m := range d.table.Messages() {
		for _, v := range m.Statement.Values {
			if len(v.Unit) > 0 {
				rows[i] += " " + string(v.Parameter) + "[" + string(v.Unit) + "]"
			}
		}
		i++
	}
	got = append(rows, got...)
	for _, p := range d.problems {
		got = append(got, "! "+p)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q is\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return d
}

// The hours of Beijing's stations as a university publishes them: the time in four columns, CO in ug/m3.
func TestATableWithItsOwnColumns(t *testing.T) {
	columns := Columns{
		Time: []string{"year", "month", "day", "hour"}, Period: hour(), Strict: true, Ignored: []string{"No", "wd", "dewp"},
		Values: []ValueColumn{{"PM2.5", "pm25", ""}, {"CO", "co", "ug/m3"}, {"TEMP", "temp", ""}},
	}
	f := func(text string, want ...string) *desk { t.Helper(); return wantMapped(t, columns, text, want...) }
	const head = "\"No\",\"year\",\"month\",\"day\",\"hour\",\"PM2.5\",\"PM10\",\"CO\",\"TEMP\",\"DEWP\",\"wd\",\"station\"\n"
	d := f(head+"1,2013,3,1,0,3,6,300,-2.3,-19.7,\"E\",\"Changping\"\n2,2013,3,1,23,NA,3,NA,-2.5,-19,NA,\"Changping\"\n",
		"2 Changping 1h 2013-03-01T00:00:00 co=300 pm10=6 pm25=3 temp=-2.3 co[ug/m3]", "3 Changping 1h 2013-03-01T23:00:00 pm10=3 temp=-2.5")
	if unmet := d.table.Unmet(); len(unmet) > 0 {
		t.Errorf("not met: %q", unmet)
	}
	f(head+"1,2013,2,29,0,3,6,300,-2.3,-19.7,\"E\",\"Changping\"\n", `! in.csv:2:3: time "2013 2 29 0" is a day that the month does not have`)
	f(head+"1,2013,NA,1,0,3,6,300,-2.3,-19.7,\"E\",\"Changping\"\n",
		`! in.csv:2:3: time "2013 NA 1 0" is not a time: write 2026-03-01 10:00, or with its offset 2026-03-01T10:00:00+08:00`)

	// What nobody speaks of is said all at once; a misspelt header shows as such.
	f("No,year,month,day,hour,PM2.5,WSPM,SNOW,station\n1,2013,3,1,0,3,1,0,x\n",
		`! in.csv: nobody says what its columns "WSPM" "SNOW" are: name their parameters with --map, or leave them out with --ignore, all of them with --ignore-others`)
	columns.IgnoreOthers = true
	d = f("year,month,day,hour,PM2_5,PM10,station\n2013,3,1,0,3,1,x\n", "2 x 1h 2013-03-01T00:00:00 pm10=1")
	if unmet := d.table.Unmet(); !slices.Equal(unmet, []string{"PM2.5", "CO", "TEMP"}) {
		t.Errorf("not met: %q", unmet)
	}
	f("year,month,day,PM10,station\n2013,3,1,1,x\n", `! in.csv: it has no column "hour"; `+headerExample)
	f("year,month,day,hour,pm25,PM2.5,station\n2013,3,1,0,3,1,x\n", `! in.csv: its columns "pm25" and "PM2.5" are both pm25: leave one of them out with --ignore`)
}

// The cities of a web archive: date and hour in two columns, names in Chinese.
func TestStationsByTheirNames(t *testing.T) {
	columns := Columns{Time: []string{"date", "hour"}, Station: "城市", StationNames: map[string]string{"无锡": "wx-1"}, Values: []ValueColumn{{"PM2.5", "pm25", ""}}}
	wantMapped(t, columns, "date,hour,城市,PM2.5\n20181201,0,无锡,59.0\n2018-12-01,05:30,无锡,60\n20181201,24,南通,64.0\n",
		"2 wx-1 1h 2018-12-01T00:00:00 pm25=59", "3 wx-1 1h 2018-12-01T05:30:00 pm25=60", "4 南通 rt 2018-12-02T00:00:00 pm25=64")
	// The same station for all rows: a column station has then another meaning.
	columns.Station, columns.StationIs, columns.Strict = "", "river", true
	wantMapped(t, columns, "date,hour,PM2.5,station\n20181201,4,59.0,x\n",
		`! in.csv: nobody says what its columns "station" are: name their parameters with --map, or leave them out with --ignore, all of them with --ignore-others`)
	wantMapped(t, columns, "date,hour,PM2.5,\xb3\xc7\xca\xd0\n20181201,4,59.0,x\n", // 城市
		"! in.csv: it is not in UTF-8, but perhaps in GBK: save the table as CSV in UTF-8, or leave out its other columns with --ignore-others")
	columns.Ignored = []string{" Station"}
	wantMapped(t, columns, "date,hour,PM2.5,station\n20181201,4,59.0,x\n", "2 river 4h 2018-12-01T04:00:00 pm25=59")
}

func TestTimesAsTablesWriteThem(t *testing.T) {
	f := func(columns Columns, head, cells, want string) {
		t.Helper()
		columns.StationIs, columns.Period = "wx-1", hour()
		wantMapped(t, columns, head+",pm25\n"+cells+",1\n", want)
	}
	const at = "2 wx-1 1h 2018-12-01T09:00:00 pm25=1"
	f(Columns{}, "time", "2018-12-01 09:00", at)
	f(Columns{Time: []string{"when"}}, "when", "2018-12-01T01:00:00Z", at)
	f(Columns{Time: []string{"date"}}, "date", "20181201", "2 wx-1 1h 2018-12-01T00:00:00 pm25=1")
	f(Columns{Time: []string{"y", "m", "d"}}, "d,m,y", "1,12,2018", "2 wx-1 1h 2018-12-01T00:00:00 pm25=1")
	f(Columns{Time: []string{"y", "m", "d", "h", "min"}}, "d,m,y,h,min", "1,12,2018,9,5", "2 wx-1 1h 2018-12-01T09:05:00 pm25=1")
	f(Columns{Time: []string{"t"}, TimeFormat: "2006010215"}, "t", "2018120109", at)
	f(Columns{Time: []string{"t"}, TimeFormat: "2006-01-02T1504"}, "t", "2018-12-01T0900", at)
	f(Columns{Time: []string{"t"}, TimeFormat: "2006-01-02 03:04 PM"}, "t", "2018-12-01 09:00 AM", at)
	f(Columns{Time: []string{"day", "clock"}, TimeFormat: "02/01/2006 15.04 -0700"}, "clock,day", "01.00 +0000,01/12/2018", at)
	f(Columns{Time: []string{"t"}, TimeFormat: "2006010215"}, "t", "20181201", `! in.csv:2:1: time "20181201" is not written as 2006010215`)
	f(Columns{Time: []string{"t"}, TimeFormat: "2006010215"}, "t", "1918120109", `! in.csv:2:1: time "1918120109" lies outside 1970 to 2200`)
	// What stands for no time at all is no reason to leave out the other rows.
	f(Columns{}, "time", "1970-01-01 00:00", "! in.csv:2:1: time lies outside 1970 to 2200 in UTC")
	f(Columns{TimeIsEnd: true}, "time", "1970-01-01T00:00:00Z", "! in.csv:2:1: time lies outside 1970 to 2200 in UTC")

	// The end of a period, as offices name an hour.
	f(Columns{TimeIsEnd: true}, "time", "2018-12-01 10:00", at)
	f(Columns{Time: []string{"date", "hour"}, TimeIsEnd: true}, "date,hour", "20181130,24", "2 wx-1 1h 2018-11-30T23:00:00 pm25=1")
	wantMapped(t, Columns{TimeIsEnd: true}, "time,station,period,pm25\n2018-12-01,a,1d,1\n2018-12-01,a,rt,2\n",
		"2 a 1d 2018-11-30T00:00:00 pm25=1", "! in.csv:3:1: time is the end of a period, and nothing says how long that is: say it with --period, or in a column period")
}

// Where clocks change, a day is no 24 hours, and an hour may not exist.
func TestForeignTimesWhereClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	f := func(columns Columns, text string, period reading.Period, want string) {
		t.Helper()
		said := ""
		table := New(reading.BuiltinParameters(), nil, berlin, func(p Problem) { said = p.Reason })
		columns.Time, columns.StationIs, columns.Period = []string{"t"}, "a", &period
		if err := table.Map(columns); err != nil {
			t.Fatal(err)
		}
		if err := table.Read("in.csv", strings.NewReader("t,pm25\n"+text+",1\n")); err != nil {
			t.Fatal(err)
		}
		for m := range table.Messages() {
			said = time.Unix(0, m.Statement.Time).UTC().Format(time.RFC3339)
		}
		if said != want {
			t.Errorf("%s is %s, want %s", text, said, want)
		}
	}
	f(Columns{TimeFormat: "2006010215"}, "2026032901", reading.Hour, "2026-03-29T00:00:00Z")
	f(Columns{TimeFormat: "2006010215"}, "2026032902", reading.Hour, `time "2026032902" does not exist in Europe/Berlin: clocks are put forward then`)
	f(Columns{TimeIsEnd: true}, "2026-03-30", reading.Day, "2026-03-28T23:00:00Z")
	f(Columns{TimeIsEnd: true}, "2026-10-26", reading.Day, "2026-10-24T22:00:00Z")
}

func TestLongTablesWithTheirOwnNames(t *testing.T) {
	columns := Columns{Values: []ValueColumn{{"PM2.5 - Principal", "pm25", "mg/m3"}}}
	wantMapped(t, columns, "time,station,parameter,value,unit\n2026-03-01 10:00,wx-1,PM2.5 - principal,0.0352,\n2026-03-01 10:00,wx-1,CO,600,ug/m3\n2026-03-01 11:00,wx-1,PM2.5 - Principal,35.2,ug/m3\n",
		"2+3 wx-1 1h 2026-03-01T10:00:00 co=600 pm25=0.0352 co[ug/m3] pm25[mg/m3]", "4 wx-1 1h 2026-03-01T11:00:00 pm25=35.2 pm25[ug/m3]")
	wantMapped(t, Columns{}, "time,station,pm25,unit\n2026-03-01 10:00,wx-1,1,ug/m3\n",
		"! in.csv: it has a column unit without parameter and value: in the wide form say the unit with --map, such as --map CO=co:ug/m3")
	// Flags stand beside the header as it is written.
	wantMapped(t, columns, "time,station,PM2.5 - Principal,PM2.5 - Principal_flag\n2026-03-01 10:00,wx-1,1,M\n", "2 wx-1 1h 2026-03-01T10:00:00 pm25=1(M) pm25[mg/m3]")
}

func TestColumnsThatContradict(t *testing.T) {
	f := func(columns Columns, want string) {
		t.Helper()
		if err := newDesk().table.Map(columns); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", columns, err)
		}
	}
	f(Columns{Values: []ValueColumn{{"x", "pm52", ""}}}, `column "x": parameter "pm52" is not known: declare it under `)
	f(Columns{Values: []ValueColumn{{"x", "pm25", "ppb"}}}, `column "x": pm25: unit "ppb" cannot be converted to ug/m3`)
	f(Columns{Values: []ValueColumn{{"PM", "pm25", ""}, {"pm ", "pm10", ""}}}, `column "pm " is given two parameters`)
	f(Columns{Station: "a", StationIs: "b"}, "not both")
	f(Columns{TimeFormat: "15:04"}, "holds no whole date")
	f(Columns{TimeFormat: "2006-01-02 03:04"}, "does not tell the afternoon from the morning")
	f(Columns{TimeFormat: "2006-01-02 15:04 MST"}, "holds MST")
}

// History comes in the order of time, whenever it was received, and of one reading the later receipt comes later.
func TestChronologicalOrder(t *testing.T) {
	d := newDesk()
	text := "time,station,period,pm25,received\n2026-03-01 12:00,a,1h,4,\n2026-03-01 10:00,b,1h,9,2026-03-05 12:00\n2026-03-01 10:00,b,1h,7,2026-03-02 12:00\n2026-03-01 10:00,a,1h,1,\n2026-03-01 11:00,a,rt,2,2026-03-09\n"
	if err := d.table.Read("a.csv", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for m := range d.table.Chronological() {
		got = append(got, m.Station+" "+time.Unix(0, m.Statement.Time).In(shanghai).Format("15:04")+" "+string(rune('0'+int(m.Statement.Values[0].Number))))
	}
	if want := []string{"a 11:00 2", "a 10:00 1", "b 10:00 7", "b 10:00 9", "a 12:00 4"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
