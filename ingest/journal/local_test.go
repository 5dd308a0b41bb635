package journal

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// opened is the journal of one test in one directory.
type opened struct {
	directory string
	journal   *Local
	db        *pebble.DB
}

func TestLocalKeepsTheContract(t *testing.T) {
	journals := make(map[string]*opened)
	testContract(t, func(t *testing.T, maxBytes int64) Journal {
		o, again := journals[t.Name()]
		if again {
			closeJournal(t, o.journal, o.db)
		} else {
			o = &opened{directory: t.TempDir()}
			journals[t.Name()] = o
			t.Cleanup(func() { closeJournal(t, o.journal, o.db) })
		}
		o.journal, o.db = openVerified(t, o.directory)
		o.journal.maxBytes = maxBytes
		return o.journal
	})
}

func TestWhatIsBesideComesWithTheRecords(t *testing.T) {
	directory := t.TempDir()
	j, db := openVerified(t, directory)
	mark := func(b *pebble.Batch) error { return b.Set([]byte("cursor"), []byte("7"), nil) }
	_, err := j.Append(t.Context(), messages(0, 1), mark)
	must(t, err)
	ill := func(b *pebble.Batch) error {
		return errors.Join(b.Set([]byte("cursor"), []byte("8"), nil), errors.New("quarantine is ill"))
	}
	if _, err := j.Append(t.Context(), messages(1, 1), ill); err == nil {
		t.Fatal("the step went through")
	}
	closeJournal(t, j, db)
	j, db = openVerified(t, directory)
	defer closeJournal(t, j, db)
	value, closer, err := db.Get([]byte("cursor"))
	must(t, err)
	defer closer.Close()
	if string(value) != "7" || j.State().Head.Sequence != 1 {
		t.Errorf("cursor %s beside record %d", value, j.State().Head.Sequence)
	}
}

func TestTheWitnessSaysWhatIsDurable(t *testing.T) {
	directory := t.TempDir()
	j, db := openVerified(t, directory)
	defer closeJournal(t, j, db)
	for step := range 3 {
		head := mustAppend(t, j, messages(step*10, 10))
		position, ok, err := readWitness(filepath.Join(directory, WitnessName))
		if err != nil || !ok || position != head {
			t.Errorf("witness says %+v, %t, %v; head is %+v", position, ok, err, head)
		}
	}
}

func BenchmarkAppendThousandRecordsOfEightValues(b *testing.B) {
	directory := b.TempDir()
	db, err := openStore(directory, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	j, err := OpenLocal(db, directory, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	records := messages(0, 1000)
	for i := range records {
		records[i].Values = 8
		records[i].Lines = append([]byte(nil), eightValues...)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := j.Append(b.Context(), records, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(records)), "ns/record")
	b.ReportMetric(float64(b.N*len(records))/b.Elapsed().Seconds(), "records/s")
}

const eightValues = "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i,pm10=60.1,pm10_flag=0i,so2=8.4,so2_flag=0i,no2=31,no2_flag=0i," +
	"co=0.6,co_flag=0i,o3=71.5,o3_flag=0i,temp=12.3,temp_flag=0i,rh=61,rh_flag=0i 1795227300000000000\n"
