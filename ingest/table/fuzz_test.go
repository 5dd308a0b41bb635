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
		values, last := 0, int64(math.MinInt64)
		rows := map[int]bool{}
		for m := range table.Messages() {
			values += len(m.Statement.Values)
			if len(m.Statement.Values) == 0 || len(m.Places) != len(m.Statement.Values) || m.Station == "" || m.Received < last {
				t.Fatalf("%q: message %+v", text, m)
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
	})
}
