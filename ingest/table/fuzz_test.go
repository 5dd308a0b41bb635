package table

import (
	"math"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// Whatever a file holds, what is read of it can be stored, and each cell of a value is accounted for.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"time,station,parameter,value,period,flag,received\n2026-03-01 10:00,wx-1,pm25,35.2,1h,M,1772330400\n",
		"time,station,pm25,pm25_flag,co\n2026-03-01T10:00:00+08:00,wx-1,NA,,0.6\n2026/3/1 24:00,wx-1,x,D,-999\n",
		"\ufefftime,station,pm25\r\n\"2026-03-01\",\"w\nx\",\"1\"\"\"\r\n", "time;station\n", "time,station,pm25\n2026-03-29 02:30,a,1\n,,\n1,2,3,4\n",
	} {
		f.Add(text)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) { wantAccounted(t, Columns{}, berlin, text) })
}

// Whatever is said of the columns of a file, and whatever it holds.
func FuzzColumns(f *testing.F) {
	add := func(times, format, header string, isEnd bool, text string) { f.Add(times, format, header, isEnd, text) }
	add("year,month,day,hour", "", "PM2.5", false, "No,year,month,day,hour,PM2.5,station\n1,2013,3,1,0,4,锡山\n2,2013,3,1,24,NA,\n")
	add("date,hour", "", "co", true, "date,hour,station,co,co_flag\n20130331,2,a,300,M\n20131027,3,a,x,\n")
	add("监测时间", "2006010215", "pm", true, "监测时间,station,parameter,value,unit,period\n2013030105,a,pm,3,ug/m3,1d\n")
	add("t", "02/01/2006 15:04 -0700", "", true, "t,station,pm25\n01/01/1970 00:30 +0800,a,1\n")
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, times, format, header string, isEnd bool, text string) {
		columns := Columns{
			Time: strings.Split(times, ","), TimeFormat: format, TimeIsEnd: isEnd, Period: hour(), IgnoreOthers: true,
			StationNames: map[string]string{"锡山": "wx-1"}, Values: []ValueColumn{{header, "pm25", "mg/m3"}},
		}
		wantAccounted(t, columns, shanghai, text)
	})
}

// wantAccounted reads a file and holds what was read against what was counted. Columns that contradict themselves read none.
func wantAccounted(t *testing.T, columns Columns, zone *time.Location, text string) {
	t.Helper()
	problems := 0
	table := New(reading.BuiltinParameters(), nil, zone, func(p Problem) {
		problems++
		if p.Line < 1 || p.Reason == "" || strings.ContainsRune(p.Reason, '\n') {
			t.Fatalf("%q: problem %+v", text, p)
		}
	})
	if table.Map(columns) != nil {
		return
	}
	_ = table.Read("in.csv", strings.NewReader(text))
	values, last := 0, int64(math.MinInt64)
	rows := map[int]bool{}
	for m := range table.Messages() {
		values += len(m.Statement.Values)
		if len(m.Statement.Values) == 0 || len(m.Places) != len(m.Statement.Values) || m.Station == "" || m.Received < last {
			t.Fatalf("%q: message %+v", text, m)
		}
		if year := time.Unix(0, m.Statement.Time).UTC().Year(); year < firstYear || year > lastYear {
			t.Fatalf("%q: the year %d, which no reading may have", text, year)
		}
		last = m.Received
		for i, v := range m.Statement.Values {
			rows[m.Places[i].Line] = true
			if _, err := reading.FixedOf(v.Number); err != nil || m.Places[i].Line < 2 {
				t.Fatalf("%q: %s=%v in line %d", text, v.Parameter, v.Number, m.Places[i].Line)
			}
		}
	}
	if c := table.Counts(); c.Rows < len(rows) || c.Values != values || c.Problems != problems {
		t.Fatalf("%q: %+v, there are %d rows, %d values, %d problems", text, c, len(rows), values, problems)
	}
}
