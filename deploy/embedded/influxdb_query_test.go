package embedded

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The bodies in this file are those of influxd 1.8.10, letter by letter.

func TestInfluxDBPrintsTimesAsAsked(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, "air,station=s1 pm25=35.2 1795190400123456789")

	at := func(parameters, want string) {
		t.Helper()
		wantInflux(t, askInflux(t, server, "db=egret&q=SELECT pm25 FROM air"+parameters),
			`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","pm25"],"values":[[`+want+`,35.2]]}]}]}`)
	}
	at("", `"2026-11-20T16:00:00.123456789Z"`)
	at(" tz('Asia/Shanghai')", `"2026-11-21T00:00:00.123456789+08:00"`)
	at("&epoch=ns", "1795190400123456789")
	at("&epoch=u", "1795190400123456")
	at("&epoch=µ", "1795190400123456")
	at("&epoch=ms", "1795190400123")
	at("&epoch=s", "1795190400")
	at("&epoch=m", "29919840")
	at("&epoch=h", "498664")
}

func TestInfluxDBAnswersAPanel(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, influxReadings)

	wantInflux(t, askInflux(t, server, "db=egret&epoch=ms&q=SELECT mean(pm25) FROM air WHERE station =~ /^(s1|s2)$/ AND time >= 1795190400000ms AND time < 1795201200000ms GROUP BY time(1h), station fill(null)"),
		`{"results":[{"statement_id":0,"series":[`+
			`{"name":"air","tags":{"station":"s1"},"columns":["time","mean"],"values":[[1795190400000,35.2],[1795194000000,41],[1795197600000,null]]},`+
			`{"name":"air","tags":{"station":"s2"},"columns":["time","mean"],"values":[[1795190400000,12.25],[1795194000000,null],[1795197600000,null]]}]}]}`)
	wantInflux(t, askInflux(t, server, "db=egret&q=SHOW TAG VALUES FROM air WITH KEY = station; SHOW MEASUREMENTS"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["key","value"],"values":[["station","s1"],["station","s2"]]}]},`+
			`{"statement_id":1,"series":[{"name":"measurements","columns":["name"],"values":[["air"],["huge"],["note"],["plan"]]}]}]}`)
	wantInflux(t, askInflux(t, server, "db=egret&pretty=true&q=SELECT text FROM note"), `{
    "results": [
        {
            "statement_id": 0,
            "series": [
                {
                    "name": "note",
                    "columns": [
                        "time",
                        "text"
                    ],
                    "values": [
                        [
                            "2026-11-20T16:00:00Z",
                            "a\u003cb \u0026 c\u003ed 白鹭"
                        ]
                    ]
                }
            ]
        }
    ]
}`)
}

func TestInfluxDBAnswersEachStatement(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, influxReadings)

	wantInflux(t, askInflux(t, server, "db=egret&epoch=s&q=SELECT count(pm25) FROM air; SELECT pm25 FROM nothing; SELECT pm25 FROM nowhere..air"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count"],"values":[[0,4]]}]},{"statement_id":1},`+
			`{"statement_id":2,"error":"database not found: nowhere"}]}`)
	wantInflux(t, askInflux(t, server, "db=egret&q=SELECT sum(v) FROM huge"), `{"error":"json: unsupported value: +Inf"}`)
}

func TestInfluxDBBindsParameters(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, influxReadings)

	want := `{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","pm25"],"values":[[1795194000,41]]}]}]}`
	wantInflux(t, askInflux(t, server, `db=egret&epoch=s&q=SELECT pm25 FROM air WHERE station = $station AND pm25 > $least&params={"station":"s1","least":35.5}`), want)
	wantInflux(t, changeInflux(t, server, `db=egret&epoch=s&q=SELECT pm25 FROM air WHERE pm25_flag = $flag&params={"flag":3}`), want)
	wantInflux(t, askInflux(t, server, `db=egret&q=SELECT pm25 FROM air WHERE station = $station&params={"station":"s1' OR station = 's2"}`),
		`{"results":[{"statement_id":0}]}`)
}

func TestInfluxDBSaysWhatIsWrongWithAQuery(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	refuses := func(parameters, status, want string) {
		t.Helper()
		for _, seen := range []string{
			describeInfluxAnswer(t, server, http.MethodGet, "/query?"+influxForm(parameters), "", ""),
			describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, influxForm(parameters)),
		} {
			if !strings.HasPrefix(seen, status) || !strings.Contains(seen, `{"error":"`+want) {
				t.Errorf("%s: %s", parameters, seen)
			}
		}
	}
	refuses("db=egret&q=SELECT pm25 FROM", "400 Bad Request", "error parsing query: found EOF, expected identifier at line 1, char 18")
	refuses("db=egret&q=DROP TABLE air", "400 Bad Request", "error parsing query: found TABLE, expected CONTINUOUS")
	refuses("db=egret", "400 Bad Request", `missing required parameter \"q\"`)
	refuses(`q=SHOW DATABASES&params={"a":`, "400 Bad Request", "error parsing query parameters: unexpected EOF")
	refuses(`q=SHOW DATABASES&params={"a":99999999999999999999}`, "400 Bad Request", "error parsing json value: ")
	if seen := describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, "q="+strings.Repeat("(", influxMaxQuery)); !strings.HasPrefix(seen, "413 ") {
		t.Errorf("a query beyond the limit: %s", seen[:100])
	}
	deep := "q=SELECT " + strings.Repeat("(", influxMaxQuery-100)
	if seen := describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, deep); !strings.HasPrefix(seen, "400 ") {
		t.Errorf("a query of brackets only: %s", seen[:100])
	}
}

func TestInfluxDBTakesChangesByPostOnly(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, influxReadings)
	for _, change := range []string{
		"DROP MEASUREMENT air",
		"SHOW DATABASES; DROP DATABASE egret",
		"SELECT mean(pm25) INTO copy FROM air",
		"EXPLAIN ANALYZE SELECT mean(pm25) INTO copy FROM air",
		"DELETE FROM air",
		"CREATE DATABASE other",
		"KILL QUERY 1",
	} {
		seen := describeInfluxAnswer(t, server, http.MethodGet, "/query?"+influxForm("db=egret&q="+change), "", "")
		if !strings.HasPrefix(seen, "405 Method Not Allowed [") || !strings.Contains(seen, "POST") {
			t.Errorf("GET of %s: %s", change, seen)
		}
	}
	wantInflux(t, askInflux(t, server, "db=egret&epoch=s&q=SELECT count(pm25) FROM air; SHOW DATABASES"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count"],"values":[[0,4]]}]},`+
			`{"statement_id":1,"series":[{"name":"databases","columns":["name"],"values":[["egret"]]}]}]}`)

	wantInflux(t, changeInflux(t, server, "q=CREATE DATABASE other; DROP DATABASE other"),
		`{"results":[{"statement_id":0},{"statement_id":1}]}`)
	wantInflux(t, changeInflux(t, server, "db=egret&epoch=s&q=SELECT mean(co) INTO copy FROM air WHERE station='s2'; DROP MEASUREMENT air; SELECT * FROM copy; SHOW MEASUREMENTS"),
		`{"results":[{"statement_id":0,"series":[{"name":"result","columns":["time","written"],"values":[[0,1]]}]},{"statement_id":1},`+
			`{"statement_id":2,"series":[{"name":"copy","columns":["time","mean"],"values":[[0,0.4]]}]},`+
			`{"statement_id":3,"series":[{"name":"measurements","columns":["name"],"values":[["copy"],["huge"],["note"],["plan"]]}]}]}`)
}

func TestInfluxDBRefusesWhatWouldNeverRun(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	for _, never := range []string{
		"CREATE CONTINUOUS QUERY hourly ON egret BEGIN SELECT mean(pm25) INTO hours FROM air GROUP BY time(1h) END",
		"CREATE SUBSCRIPTION feed ON egret.autogen DESTINATIONS ALL 'http://127.0.0.1:9'",
	} {
		seen := describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, influxForm("q="+never))
		if !strings.HasPrefix(seen, "400 Bad Request [the embedded database runs no ") {
			t.Errorf("%s: %s", never, seen)
		}
	}
}

func TestInfluxDBRefusesPagesOfOtherOrigins(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server+"/query", strings.NewReader(influxForm("q=DROP DATABASE egret")))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", influxFormType)
	request.Header.Set("Origin", "https://elsewhere.example")
	if seen := sendToInflux(t, request); !strings.HasPrefix(seen, "403 ") {
		t.Errorf("a foreign page's DROP: %s", seen)
	}
}

func TestInfluxDBStopsTheQueryOfAClientThatLeft(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	writeInflux(t, server, influxCrowd())
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/query?"+influxForm(influxEndlessQuery), nil)
	if err != nil {
		t.Fatal(err)
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	}()

	waitForInfluxQueries(t, server, true)
	leave()
	<-left
	waitForInfluxQueries(t, server, false)
}

func TestInfluxDBRefusesAnAnswerBeyondTheLimit(t *testing.T) {
	db := startInfluxDB(t, t.TempDir())
	writeInflux(t, db.URL(), influxCrowd())
	h := &influxHandler{engine: db.engine, maxValues: 400}
	ask := func(parameters string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		h.query(answer, httptest.NewRequest(http.MethodGet, "/query?"+influxForm(parameters), nil))
		return answer
	}
	if answer := ask("db=egret&q=SELECT leq FROM noise"); answer.Code != http.StatusOK {
		t.Errorf("400 values: %s", answer.Body)
	}
	if answer := ask("db=egret&q=SELECT leq, station FROM noise; SHOW DATABASES"); answer.Code != http.StatusBadRequest ||
		!strings.Contains(answer.Body.String(), "more than 400 values") {
		t.Errorf("600 values: %d %s", answer.Code, answer.Body)
	}
}

func TestInfluxDBTellsItsVersionAndHealth(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()
	get := func(path string) string { return describeInfluxAnswer(t, server, http.MethodGet, path, "", "") }
	wantInflux(t, get("/ping"), "204 No Content")
	wantInflux(t, get("/ping?verbose=true"), `200 OK application/json {"version":"1.8.10"}`)
	wantInflux(t, get("/health"), `200 OK application/json {"checks":[],"message":"ready for queries and writes","name":"influxdb","status":"pass","version":"1.8.10"}`)

	response, err := http.Get(server + "/ping")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if version, build := response.Header.Get("X-Influxdb-Version"), response.Header.Get("X-Influxdb-Build"); version != "1.8.10" || build != "OSS" {
		t.Errorf("version %q build %q", version, build)
	}
}
