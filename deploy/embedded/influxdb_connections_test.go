package embedded

import (
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

func TestInfluxDBDoesNotWaitForConnectionsThatSayNothing(t *testing.T) {
	db, err := StartInfluxDB(InfluxDBConfig{Directory: t.TempDir(), Listen: "127.0.0.1:0", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	silent, err := net.Dial("tcp", strings.TrimPrefix(db.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	asked := time.Now()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(asked); took > 2*time.Second {
		t.Errorf("closing took %s", took)
	}
}
