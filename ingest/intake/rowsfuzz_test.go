package intake

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"egret/ingest/payload"
)

// Whatever is sent in place of rows is refused as such, or is read as it is written again.
func FuzzReadRows(f *testing.F) {
	for _, rows := range []string{
		"", "2013-03-01T01:00:00Z,wx-1,pm25,35.2,1h,M,ug/m3\n2013-03-01T01:00:00Z,wx-1,co,1e-3,1h,,\n",
		"2013-03-01T01:00:00+08:00,\"a,\"\"b\",pm25,0x1p-2,rt,维护,\r\n", "1970-01-01T00:00:00+14:00,a,b,1,1h,,\n", "2013-03-01T01:00:00Z,a,b,1e400,1h,,\n,,,,,,\n\"",
	} {
		f.Add([]byte(rows))
	}
	f.Fuzz(func(t *testing.T, rows []byte) {
		read := func(rows []byte) (again []byte, values int, err error) {
			again = []byte(RowsHeader)
			err = eachStatement(rows, func(s *payload.Statement) error {
				if len(s.Values) == 0 || !s.HasTime || s.Time < 0 {
					t.Errorf("%q: statement %+v", rows, s)
				}
				values += len(s.Values)
				again = AppendRows(again, s)
				return nil
			})
			return again, values, err
		}
		again, values, err := read(append([]byte(RowsHeader), rows...))
		if err != nil {
			if !errors.Is(err, ErrRows) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", rows, err)
			}
			return
		}
		same, count, err := read(again)
		if err != nil || count != values || !bytes.Equal(same, again) {
			t.Errorf("%q is %q, and that %q: %v", rows, again, same, err)
		}
	})
}
