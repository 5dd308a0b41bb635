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
	f.Fuzz(func(t *testing.T, text string) {
		problems := 0
		table := New(reading.BuiltinParameters(), nil, berlin, func(p Problem) {
			problems++
			if p.Line < 1 || p.Reason == "" || strings.ContainsRune(p.Reason, '\n') {
				t.Fatalf("%q: problem %+v", text, p)
			}
		})
		_ = table.Read("in.csv", strings.NewReader(text))
		rows, values, last := 0, 0, int64(math.MinInt64)
		for row := range table.Rows() {
			rows++
			values += len(row.Statement.Values)
			if len(row.Statement.Values) == 0 || row.Station == "" || row.Line < 2 || row.Received < last {
				t.Fatalf("%q: row %+v", text, row)
			}
			last = row.Received
			for _, v := range row.Statement.Values {
				if _, err := reading.FixedOf(v.Number); err != nil {
					t.Fatalf("%q: %s=%v", text, v.Parameter, v.Number)
				}
			}
		}
		if c := table.Counts(); c.Rows != rows || c.Values != values || c.Problems != problems {
			t.Fatalf("%q: %+v, there are %d rows, %d values, %d problems", text, c, rows, values, problems)
		}
	})
}
