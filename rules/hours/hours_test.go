package hours

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).UnixNano()

func mustOpen(t testing.TB, directory string) *pebble.DB {
	t.Helper()
	db, err := pebble.Open(directory, &pebble.Options{Merger: Merger, Logger: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...))
}

func line(station string, at int64, fields ...reading.Field) *reading.Line {
	return &reading.Line{Station: []byte(station), Period: reading.Minute, Time: at, Fields: fields}
}

func field(parameter string, number reading.Fixed, flag reading.Flag) reading.Field {
	return reading.Field{Parameter: []byte(parameter), Number: number, Flag: flag}
}

func add(t *testing.T, db *pebble.DB, lines ...*reading.Line) {
	t.Helper()
	batch := db.NewBatch()
	for _, l := range lines {
		if _, _, err := Add(batch, l, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Commit(pebble.NoSync); err != nil {
		t.Fatal(err)
	}
}

func text(b *Block) string {
	var out []string
	for row := range b.Rows() {
		out = append(out, fmt.Sprintf("+%s %s=%s/%d", time.Duration(row.Time-b.start), row.Parameter, row.Number, row.Flag))
	}
	return strings.Join(out, " ")
}

func load(t *testing.T, db *pebble.DB, station string, at int64) string {
	t.Helper()
	var b Block
	if err := b.Load(db, uint32(Of(at)), []byte(station), reading.Minute); err != nil {
		t.Fatal(err)
	}
	return text(&b)
}

func TestLaterWriteWinsAcrossFlushCompactionAndReopening(t *testing.T) {
	directory := t.TempDir()
	db := mustOpen(t, directory)
	minute := int64(time.Minute)
	one := reading.FixedOne
	add(t, db, line("wx-1", noon+2*minute, field("pm25", 35*one, 0), field("co", one/2, 0)))
	if err := db.Flush(); err != nil {
		t.Fatal(err)
	}
	add(t, db,
		line("wx-1", noon, field("pm25", 30*one, 0)),
		line("wx-1", noon+2*minute, field("o3", 80*one, 0), field("pm25", -36*one, reading.Fault)),
		line("wx-1", noon+1, field("pm25", 31*one, 0)),
		line("wx-10", noon, field("pm25", 99*one, 0)))
	want := "+0s pm25=30/0 +1ns pm25=31/0 +2m0s pm25=-36/31 +2m0s co=0.5/0 +2m0s o3=80/0"
	if got := load(t, db, "wx-1", noon); got != want {
		t.Errorf("before compaction:\n got %s\nwant %s", got, want)
	}
	if err := db.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := db.Compact(t.Context(), []byte{Prefix}, []byte{Prefix + 1}, false); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = mustOpen(t, directory)
	defer db.Close()
	if got := load(t, db, "wx-1", noon); got != want {
		t.Errorf("after compaction and reopening:\n got %s\nwant %s", got, want)
	}
	if got := load(t, db, "wx-10", noon); got != "+0s pm25=99/0" {
		t.Errorf("the other station's block: %s", got)
	}
	if got := load(t, db, "wx-1", noon+length); got != "" {
		t.Errorf("an hour without readings: %s", got)
	}
}

func TestUncommittedOperandsAreSeen(t *testing.T) {
	db := mustOpen(t, t.TempDir())
	defer db.Close()
	add(t, db, line("wx-1", noon, field("pm25", 1, 0)))
	own := AppendOperand(nil, line("wx-1", noon, field("pm25", 2, 0), field("pm25", 3, 0)))
	var b Block
	if err := b.Load(db, uint32(Of(noon)), []byte("wx-1"), reading.Minute, own); err != nil {
		t.Fatal(err)
	}
	if row, ok := b.Find(noon, []byte("pm25")); !ok || row.Number != 3 {
		t.Errorf("found %v %v, want the uncommitted 3e-9", row, ok)
	}
	if _, ok := b.Find(noon+1, []byte("pm25")); ok {
		t.Error("found a reading where there is none")
	}
}

func TestTrimKeepsTheHourItself(t *testing.T) {
	db := mustOpen(t, t.TempDir())
	defer db.Close()
	add(t, db, line("a", noon-1, field("pm25", 1, 0)), line("z", noon-length, field("pm25", 1, 0)), line("a", noon, field("pm25", 2, 0)))
	batch := db.NewBatch()
	if err := Trim(batch, 0, uint32(Of(noon))); err != nil {
		t.Fatal(err)
	}
	if err := batch.Commit(pebble.NoSync); err != nil {
		t.Fatal(err)
	}
	if got := load(t, db, "a", noon-1) + load(t, db, "z", noon-length); got != "" {
		t.Errorf("still there: %s", got)
	}
	if got := load(t, db, "a", noon); got != "+0s pm25=0.000000002/0" {
		t.Errorf("the hour itself: %s", got)
	}
}

func TestMalformedBlockNamesItsKey(t *testing.T) {
	db := mustOpen(t, t.TempDir())
	defer db.Close()
	key := AppendKey(nil, uint32(Of(noon)), []byte("wx-7"), reading.Minute)
	for name, block := range map[string][]byte{
		"empty": {}, "version": {9}, "cut": {version, 2, 1, 4, 'p'}, "no fields": {version, 2, 0},
		"offset": {version, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 1, 'p', 2, 0},
		"order":  {version, 2, 1, 1, 'p', 2, 0, 2, 1, 1, 'p', 2, 0},
	} {
		if err := db.Set(key, block, pebble.NoSync); err != nil {
			t.Fatal(err)
		}
		var b Block
		err := b.Load(db, uint32(Of(noon)), []byte("wx-7"), reading.Minute)
		if err == nil || !strings.Contains(err.Error(), "wx-7") {
			t.Errorf("%s: error %v, want one that names wx-7", name, err)
		}
	}
}

// FuzzFold writes random readings, folds them in a random tree and holds the block against a plain map.
func FuzzFold(f *testing.F) {
	f.Add(uint64(1), uint8(5))
	f.Add(uint64(7), uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, writes uint8) {
		random := rand.New(rand.NewPCG(seed, 1))
		type key struct {
			at        int64
			parameter string
		}
		want := map[key]reading.Field{}
		var operands [][]byte
		for range int(writes) + 1 {
			l := line("s", noon+random.Int64N(20)*[]int64{1, millisecond, int64(time.Minute)}[random.IntN(3)])
			for range 1 + random.IntN(4) {
				v := field(string(rune('a'+random.IntN(5))), reading.Fixed(random.Uint64()), reading.Flag(random.UintN(256)))
				l.Fields = append(l.Fields, v)
				want[key{l.Time, string(v.Parameter)}] = v
			}
			operands = append(operands, AppendOperand(nil, l))
		}
		whole, err := fold(nil, operands)
		if err != nil {
			t.Fatal(err)
		}
		if tree := foldTree(t, random, operands); !bytes.Equal(tree, whole) {
			t.Fatal("folding in groups differs from folding at once")
		}
		got := map[key]reading.Field{}
		b := Block{start: noon, data: whole}
		times := []int64{}
		for row := range b.Rows() {
			got[key{row.Time, string(row.Parameter)}] = reading.Field{Parameter: row.Parameter, Number: row.Number, Flag: row.Flag}
			times = append(times, row.Time)
		}
		same := func(a, b reading.Field) bool { return a.Number == b.Number && a.Flag == b.Flag }
		if !maps.EqualFunc(got, want, same) || len(times) != len(want) || !slices.IsSorted(times) {
			t.Fatalf("block holds %v, want %v", got, want)
		}
	})
}

// foldTree folds neighbours at random through the store's merger, in both of its directions, until one is left.
func foldTree(t *testing.T, random *rand.Rand, operands [][]byte) []byte {
	operands = slices.Clone(operands)
	for {
		from := random.IntN(len(operands))
		to := from + 1 + random.IntN(len(operands)-from)
		group := slices.Clone(operands[from:to])
		newer := random.IntN(2) == 0
		if !newer {
			slices.Reverse(group)
		}
		m, _ := Merger.Merge([]byte("key"), group[0])
		for _, operand := range group[1:] {
			if newer {
				_ = m.MergeNewer(operand)
			} else {
				_ = m.MergeOlder(operand)
			}
		}
		block, _, err := m.Finish(false)
		if err != nil {
			t.Fatal(err)
		}
		operands = slices.Replace(operands, from, to, block)
		if len(operands) == 1 {
			return operands[0]
		}
	}
}

// FuzzMalformed feeds bytes that nobody wrote: an error or a block, never a panic.
func FuzzMalformed(f *testing.F) {
	f.Add([]byte{version, 2, 1, 1, 'p', 2, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		block, err := fold(nil, [][]byte{data, data})
		if err != nil {
			return
		}
		again, err := fold(nil, [][]byte{block})
		if err != nil || !bytes.Equal(again, block) {
			t.Fatalf("a folded block does not fold to itself: %v", err)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	db := mustOpen(b, b.TempDir())
	defer db.Close()
	l := line("wx-air-1", noon)
	for i := range 8 {
		l.Fields = append(l.Fields, field(fmt.Sprintf("pm%d", i), reading.Fixed(i)*reading.FixedOne, 0))
	}
	batch := db.NewBatch()
	memory := make([]byte, 0, 1<<20)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 0 {
			batch.Reset()
			memory = memory[:0]
		}
		l.Time += int64(time.Second)
		var err error
		if memory, _, err = Add(batch, l, memory); err != nil {
			b.Fatal(err)
		}
	}
}
