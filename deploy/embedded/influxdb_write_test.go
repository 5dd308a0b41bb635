package embedded

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"
)

func TestInfluxDBReturnsEveryFieldOfAReading(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	reading := influxdb2.NewPoint("air",
		map[string]string{"station": "s1", "period": "1h"},
		map[string]any{"pm25": 35.2, "pm10": 78.0, "so2": 6.5, "no2": 31.25, "co": 0.6, "o3": 88.0, "temp": -4.5, "rh": 61.0},
		time.Date(2026, 11, 21, 0, 0, 0, 0, time.FixedZone("CST", 8*3600)))
	if err := influxWriter(t, server).WritePoint(t.Context(), reading); err != nil {
		t.Fatal(err)
	}

	wantInflux(t, askInflux(t, server, "db=egret&q=SELECT * FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","co","no2","o3","period","pm10","pm25","rh","so2","station","temp"],`+
			`"values":[["2026-11-20T16:00:00Z",0.6,31.25,88,"1h",78,35.2,61,6.5,"s1",-4.5]]}]}]}`)
}

func TestInfluxDBLaterWriteOfAReadingWins(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writer := influxWriter(t, server)
	// A correction: the value changes, the flag is cleared, the rest stays.
	for _, line := range []string{
		"air,station=s1,period=1h pm25=985,pm25_flag=4i,co=0.6,co_flag=0i 1795190400000000000",
		"air,station=s1,period=1h pm25=35.2,pm25_flag=0i 1795190400000000000",
	} {
		if err := writer.WriteRecord(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}

	wantInflux(t, askInflux(t, server, "db=egret&epoch=ms&q=SELECT pm25, pm25_flag, co, co_flag FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","pm25","pm25_flag","co","co_flag"],"values":[[1795190400000,35.2,0,0.6,0]]}]}]}`)
	wantInflux(t, askInflux(t, server, "db=egret&q=SHOW FIELD KEYS"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["fieldKey","fieldType"],"values":[["co","float"],["co_flag","integer"],["pm25","float"],["pm25_flag","integer"]]}]}]}`)
}

func TestInfluxDBStoresTheGoodLinesOfABadBatch(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	lines := make([]string, 10)
	for i := range lines {
		lines[i] = fmt.Sprintf("air,station=s%d pm25=%d.5 1795190400000000000", i, i)
	}
	lines[6] = "air,station=s6 pm25= 1795190400000000000"

	err := influxWriter(t, server).WriteRecord(t.Context(), lines...)
	refusal := (*influxhttp.Error)(nil)
	if !errors.As(err, &refusal) || refusal.StatusCode != http.StatusBadRequest {
		t.Fatalf("the client was told %v", err)
	}
	if said := refusal.Header.Get("X-Influxdb-Error"); !strings.HasPrefix(said, "partial write: ") || !strings.Contains(said, "station=s6") {
		t.Errorf("the refusal does not name the bad line: %q", said)
	}
	wantInflux(t, askInflux(t, server, "db=egret&epoch=s&q=SELECT count(pm25), sum(pm25) FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count","sum"],"values":[[0,9,43.5]]}]}]}`)
}

func TestInfluxDBRefusesAFieldOfAnotherTypeAndStoresTheRest(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, "air,station=s1 pm25=1,pm25_flag=0i 1")

	wantInflux(t, describeInfluxAnswer(t, server, http.MethodPost, "/write?db=egret", "",
		"air,station=s1 pm25_flag=1.5 2\nair,station=s1 pm25=3,pm25_flag=0i 3"),
		`400 Bad Request [partial write: field type conflict: input field "pm25_flag" on measurement "air" is type float, already exists as type integer dropped=1] application/json `+
			`{"error":"partial write: field type conflict: input field \"pm25_flag\" on measurement \"air\" is type float, already exists as type integer dropped=1"}`)
	wantInflux(t, askInflux(t, server, "db=egret&epoch=ns&q=SELECT pm25 FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","pm25"],"values":[[1,1],[3,3]]}]}]}`)
}

func TestInfluxDBReadsTimesInThePrecisionOfTheWrite(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	for _, w := range []struct{ path, at string }{
		{"/api/v2/write?bucket=egret&precision=ns", "1795190400000000000"},
		{"/api/v2/write?bucket=egret&precision=us", "1795190400000001"},
		{"/api/v2/write?bucket=egret/autogen&precision=ms", "1795190400001"},
		{"/api/v2/write?bucket=egret&precision=s", "1795190401"},
		{"/write?db=egret", "1795190402000000000"},
		{"/write?db=egret&precision=us", "1795190402000001"},
		{"/write?db=egret&rp=autogen&precision=m", "29919841"},
		{"/write?db=egret&precision=h", "498665"},
	} {
		wantInflux(t, describeInfluxAnswer(t, server, http.MethodPost, w.path, "", "air pm25=1 "+w.at), "204 No Content")
	}

	wantInflux(t, askInflux(t, server, "db=egret&q=SELECT pm25 FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","pm25"],"values":[`+
			`["2026-11-20T16:00:00Z",1],["2026-11-20T16:00:00.000001Z",1],["2026-11-20T16:00:00.001Z",1],["2026-11-20T16:00:01Z",1],`+
			`["2026-11-20T16:00:02Z",1],["2026-11-20T16:00:02.000001Z",1],["2026-11-20T16:01:00Z",1],["2026-11-20T17:00:00Z",1]]}]}]}`)
}

func TestInfluxDBRefusesWritesItCannotPlace(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	refuses := func(path, body, want string) {
		t.Helper()
		got := describeInfluxAnswer(t, server, http.MethodPost, path, "", body)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	refuses("/api/v2/write?bucket=nowhere", "air pm25=1", `404 Not Found [database not found: "nowhere"]`)
	refuses("/api/v2/write", "air pm25=1", `404 Not Found [bucket ""`)
	refuses("/api/v2/write?bucket=egret&precision=m", "air pm25=1", `400 Bad Request [invalid precision "m"`)
	refuses("/write?db=nowhere", "air pm25=1", `404 Not Found [database not found: "nowhere"]`)
	refuses("/write", "air pm25=1", `400 Bad Request [database is required]`)
	refuses("/write?db=egret&precision=day", "air pm25=1", `400 Bad Request [invalid precision "day"`)
	refuses("/write?db=egret", "no line at all", `400 Bad Request [unable to parse 'no line at all'`)
	refuses("/write?db=egret", strings.Repeat("#", influxMaxBody+1), `413 Request Entity Too Large`)
	wantInflux(t, askInflux(t, server, "db=egret&q=SHOW MEASUREMENTS"), `{"results":[{"statement_id":0}]}`)
}

func TestInfluxDBUnpacksGzip(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	send := func(body []byte) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/api/v2/write?bucket=egret", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Encoding", "gzip")
		return sendToInflux(t, request)
	}
	wantInflux(t, send(influxGzip(t, influxReadings)), "204 No Content")
	wantInflux(t, askInflux(t, server, "db=egret&epoch=s&q=SELECT count(pm25) FROM air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count"],"values":[[0,4]]}]}]}`)

	if got := send([]byte(influxReadings)); !strings.HasPrefix(got, "400 Bad Request [unpack gzip body: ") {
		t.Errorf("plain text sent as gzip: %s", got)
	}
	if got := send(influxGzip(t, strings.Repeat("#", influxMaxBody+1))); !strings.HasPrefix(got, "413 Request Entity Too Large") {
		t.Errorf("a body that unpacks beyond the limit: %s", got)
	}
}

// Stations deliver 8 parameters with a flag each; Egret forwards 5,000 lines
// at a time: a minute of a crowd of stations, or what a city's stations have
// sent while the database was away.
func BenchmarkInfluxDBWrite(b *testing.B) {
	const batch = 5000
	for _, stations := range []int{5000, 100} {
		b.Run(fmt.Sprintf("%d stations", stations), func(b *testing.B) {
			writer := influxWriter(b, startInfluxDB(b, b.TempDir()).URL())
			next := 0
			for b.Loop() {
				b.StopTimer()
				lines := influxMinutes(next, batch, stations)
				next += batch
				b.StartTimer()
				if err := writer.WriteRecord(b.Context(), lines); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

// influxMinutes returns n lines from line first on, each station once a minute.
func influxMinutes(first, n, stations int) string {
	var lines strings.Builder
	for i := first; i < first+n; i++ {
		station, minute := i%stations, i/stations
		fmt.Fprintf(&lines, "air,station=s%d,period=1m", station)
		separator := " "
		for j, parameter := range []string{"pm25", "pm10", "so2", "no2", "co", "o3", "temp", "rh"} {
			fmt.Fprintf(&lines, "%s%s=%d.%d,%s_flag=0i", separator, parameter, (station+j)%97, minute%10, parameter)
			separator = ","
		}
		fmt.Fprintf(&lines, " %d000000000\n", 1795190400+60*minute)
	}
	return lines.String()
}

func influxWriter(t testing.TB, server string) api.WriteAPIBlocking {
	t.Helper()
	client := influxdb2.NewClient(server, "")
	t.Cleanup(client.Close)
	return client.WriteAPIBlocking("", "egret")
}

func influxGzip(t testing.TB, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
