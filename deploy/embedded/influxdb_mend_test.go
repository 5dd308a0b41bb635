package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A process that is killed while it makes a shard leaves an index without content, or none. What was acknowledged is
// there all the same, and more can be written.
func TestInfluxDBOpensShardsWhoseIndexWasLeftHalfMade(t *testing.T) {
	f := func(what string, damage func(shard string) error) {
		t.Helper()
		directory := t.TempDir()
		first := startInfluxDB(t, directory)
		var lines strings.Builder
		for year := range 8 { // years of 365 days from 2013 on, so that there are several shards
			for station := range 20 {
				fmt.Fprintf(&lines, "air,station=s%d pm25=%d.5,pm25_flag=0i %d\n", station, year, 1362067200000000000+int64(year)*31536000000000000)
			}
		}
		writeInflux(t, first.URL(), lines.String())
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		shards, err := filepath.Glob(filepath.Join(directory, "data", "egret", "autogen", "*"))
		if err != nil || len(shards) < 8 {
			t.Fatalf("%d shards, %v", len(shards), err)
		}
		for _, shard := range shards[:3] {
			if err := damage(shard); err != nil {
				t.Fatal(err)
			}
		}
		for round := range 2 { // what was mended opens again as it is
			server := startInfluxDB(t, directory)
			writeInflux(t, server.URL(), strings.ReplaceAll(lines.String(), "station=s", fmt.Sprintf("station=r%d", round)))
			got := askInflux(t, server.URL(), "db=egret&epoch=s&q=SELECT count(pm25), sum(pm25) FROM air WHERE station =~ /s[0-9]+/; SELECT count(pm25) FROM air")
			wantInflux(t, got, fmt.Sprintf(`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count","sum"],"values":[[0,160,640]]}]},`+
				`{"statement_id":1,"series":[{"name":"air","columns":["time","count"],"values":[[0,%d]]}]}]}`, 320+160*round))
			if t.Failed() {
				t.Fatal(what)
			}
			if err := server.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	f("an empty manifest", func(shard string) error { return os.Truncate(filepath.Join(shard, "index", "3", "MANIFEST"), 0) })
	f("half a manifest", func(shard string) error { return os.Truncate(filepath.Join(shard, "index", "7", "MANIFEST"), 20) })
	f("an index without parts", func(shard string) error { return os.RemoveAll(filepath.Join(shard, "index")) })
}
