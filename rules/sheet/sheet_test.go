package sheet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
)

// Pages are what the cells that were put last make of them, in whatever groups the store merges.
func TestPagesFoldInAnyGroups(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	db, err := pebble.Open("pages", &pebble.Options{FS: vfs.NewMem(), Merger: &pebble.Merger{Name: "test", Merge: Merge}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	key := AppendKey(nil, YearPrefix, []byte("wx-1"), 2026)
	want := map[string]Cell{}
	for round := range 400 {
		var changes []Change
		for _, parameter := range []string{"pm25", "o3"} {
			for range random.IntN(3) {
				c := Cell{}
				if random.IntN(4) > 0 {
					c = Cell{Number: reading.Fixed(random.Int64N(1e12) - 1e11), Divisor: uint8(1 + random.IntN(25)), Valid: random.IntN(2) == 0, Count: random.Uint32N(4000)}
				}
				changes = append(changes, Change{parameter, random.IntN(25), c})
			}
		}
		for _, c := range changes {
			want[fmt.Sprint(c.Parameter, c.Index)] = c.Cell
		}
		operand := AppendOperand(nil, changes)
		if err := db.Merge(key, operand, pebble.NoSync); err != nil {
			t.Fatal(err)
		}
		if round%37 == 0 {
			if err := db.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if round == 200 {
			if err := db.Compact(t.Context(), []byte{0}, []byte{0xff}, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	var page Page
	last := AppendOperand(nil, []Change{{"pm25", 3, Cell{Number: 7, Divisor: 1, Count: 1}}, {"so2", 24, Cell{Number: 8, Divisor: 2, Count: 2}}})
	want["pm253"], want["so224"] = Cell{Number: 7, Divisor: 1, Count: 1}, Cell{Number: 8, Divisor: 2, Count: 2}
	if err := page.Load(db, key, last); err != nil {
		t.Fatal(err)
	}
	for _, parameter := range []string{"pm25", "o3", "so2", "no2"} {
		for index := range 26 {
			got, wanted := page.Find(parameter).At(index), want[fmt.Sprint(parameter, index)]
			if got.Empty() != wanted.Empty() || (!got.Empty() && got != wanted) {
				t.Errorf("%s hour %d is %+v, want %+v", parameter, index, got, wanted)
			}
		}
	}
	if err := page.Load(db, AppendKey(nil, YearPrefix, []byte("wx-2"), 2026)); err != nil || len(page.Rows) != 0 {
		t.Errorf("a page that does not exist: %+v, %v", page, err)
	}
}

// The hours of stations whose names begin alike, and the pages of their years, lie apart.
func TestHoursAreTheStationsOnly(t *testing.T) {
	db, err := pebble.Open("pages", &pebble.Options{FS: vfs.NewMem(), Merger: &pebble.Merger{Name: "test", Merge: Merge}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, station := range []string{"wx-1", "wx-10", "wx"} {
		for number := int32(2024); number <= 2027; number++ {
			operand := AppendOperand(nil, []Change{{station, int(number - 2024), Cell{Number: reading.Fixed(number), Divisor: 1, Count: 1}}})
			for _, prefix := range []byte{HourPrefix, YearPrefix} {
				if err := db.Merge(AppendKey(nil, prefix, []byte(station), number), operand, pebble.NoSync); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var page Page
	page.Set("no2", 3, Cell{Number: 1, Divisor: 1}) // of what was read before
	if err := page.LoadHours(db, []byte("wx-1"), 2025, 2027); err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) != 1 || page.Rows[0].Parameter != "wx-1" || !slices.Equal(page.Rows[0].Cells, []Cell{{}, {Number: 2025, Divisor: 1, Count: 1}, {Number: 2026, Divisor: 1, Count: 1}}) {
		t.Errorf("hours are %v", page.Rows)
	}
}

func TestCellOf(t *testing.T) {
	f := func(value mean.Ratio, want Cell) {
		t.Helper()
		want.Count, want.Valid = 9, true
		if got := CellOf(value, 9, true); got != want {
			t.Errorf("cell %+v, want %+v", got, want)
		}
	}
	f(mean.Ratio{Sum: mean.SumOf(100e9), Count: 3}, Cell{Number: 100e9, Divisor: 3})
	f(mean.Ratio{Sum: mean.SumOf(-100e9), Count: 24}, Cell{Number: -100e9, Divisor: 24})
	f(mean.Ratio{Sum: mean.SumOf(100e9), Count: 60}, Cell{Number: 5e9, Divisor: 3})           // in lowest terms
	f(mean.Ratio{Sum: mean.SumOf(100e9), Count: 61}, Cell{Number: 1_639_344_262, Divisor: 1}) // more than 25 values
	f(mean.Ratio{Sum: mean.SumOf(9e18).Add(mean.SumOf(9e18)), Count: 2}, Cell{Number: 9e18, Divisor: 1})
	f(mean.Ratio{}, Cell{})
}

func TestYearPage(t *testing.T) {
	number, index := YearOf(calendar.Date(2024, time.December, 31))
	if number != 2024 || index != 365 {
		t.Errorf("2024-12-31 is cell %d of page %d", index, number)
	}
}

func FuzzPage(f *testing.F) {
	f.Add(AppendOperand(nil, []Change{{"pm25", 3, Cell{Number: 7, Divisor: 1, Count: 1}}, {"pm25", 4, Cell{}}}))
	f.Add([]byte{version, 1, 'a', 2, 0, 2})
	f.Fuzz(func(t *testing.T, operand []byte) {
		var page, again Page
		if page.Lay(operand) != nil {
			return
		}
		text := page.append(nil, true)
		if err := again.Lay(text); err != nil || !bytes.Equal(again.append(nil, true), text) {
			t.Fatalf("page %x came back as %x, %v", text, again.append(nil, true), err)
		}
	})
}
