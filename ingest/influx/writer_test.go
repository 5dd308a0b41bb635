package influx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"
	"github.com/prometheus/client_golang/prometheus"
)

// errDry ends a Run whose source has nothing more.
var errDry = errors.New("no more lines")

// batches is a source of prepared batches that notes what became of them.
type batches struct {
	left    []string
	done    []string
	refused []Refusal
}

func (b *batches) Name() string { return "test" }

func (b *batches) Next(ctx context.Context, _, _ int) (Batch, error) {
	if len(b.left) == 0 {
		return Batch{}, errDry
	}
	return Batch{Lines: []byte(b.left[0]), Token: b.left[0]}, ctx.Err()
}

func (b *batches) Done(_ context.Context, batch Batch, refused []Refusal) error {
	b.left, b.done, b.refused = b.left[1:], append(b.done, batch.Token.(string)), append(b.refused, refused...)
	return nil
}

// attempt is a writer to a staged database whose pauses are only noted.
type attempt struct {
	*Writer
	pauses   []time.Duration
	gathered []time.Duration
	problems []error // why nothing was written, at each pause
	onPause  func(number int)
}

func newAttempt(url string, source Source) *attempt {
	database := NewDatabase(Config{URL: url, Org: "city", Bucket: "egret", Token: "t", Timeout: 5 * time.Second})
	a := &attempt{Writer: NewWriter(database, source, 1000, NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(io.Discard, nil)))}
	a.sleep = func(ctx context.Context, d time.Duration) error {
		a.pauses, a.problems = append(a.pauses, d), append(a.problems, a.Problem())
		if a.onPause != nil {
			a.onPause(len(a.pauses))
		}
		return ctx.Err()
	}
	a.gather = func(ctx context.Context, d time.Duration) error {
		a.gathered = append(a.gathered, d)
		return ctx.Err()
	}
	return a
}

func line(number int) string {
	return fmt.Sprintf("air,station=wx-%d,period=rt pm25=%d,pm25_flag=0i %d", number%7, number, 1795226400000000000+number)
}

func lines(from, count int) (list []string) {
	for i := range count {
		list = append(list, line(from+i))
	}
	return list
}

func text(list []string) string { return strings.Join(list, "\n") + "\n" }

// wantStored runs the writer dry and says whether everything is stored, in order.
func wantStored(t *testing.T, s *stage, a *attempt, want []string) {
	t.Helper()
	if err := a.Run(t.Context()); !errors.Is(err, errDry) {
		t.Fatalf("Run ends with %v", err)
	}
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("stored are %d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	if a.Problem() != nil {
		t.Errorf("a problem is left: %v", a.Problem())
	}
}

func TestOnlyFullBatchesFollowEachOtherAtOnce(t *testing.T) {
	s := newStage(t)
	want := lines(0, 2003)
	a := newAttempt(s.URL, &batches{left: []string{text(want[:1]), text(want[1:2001]), text(want[2001:])}})
	wantStored(t, s, a, want)
	if len(a.gathered) != 2 || a.gathered[0] <= 0 || a.gathered[0] > gatherPause {
		t.Errorf("gathered for %v after batches of 1, 2000 and 2 lines, want two pauses", a.gathered)
	}
}

func TestFaultsThatPassLoseNothing(t *testing.T) {
	want := lines(0, 20)
	f := func(name string, problem string, least time.Duration, faults ...answer) {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, faults...)
			source := &batches{left: []string{text(want[:10]), text(want[10:])}}
			a := newAttempt(s.URL, source)
			wantStored(t, s, a, want)
			if len(a.pauses) != len(faults) || len(source.refused) > 0 {
				t.Fatalf("%d pauses for %d faults, %d lines refused", len(a.pauses), len(faults), len(source.refused))
			}
			for i, pause := range a.pauses {
				if pause < least || !strings.Contains(a.problems[i].Error(), problem) {
					t.Errorf("paused %s because %v", pause, a.problems[i])
				}
			}
		})
	}
	f("busy", "answers 429", 7*time.Second, says(429, "slow down", "Retry-After", "7"))
	f("internal error", "answers 500", firstPause/2, says(500, "timeout"), says(500, "timeout"), says(500, "timeout"))
	f("starting", "answers 503", 3*time.Second, says(503, "starting", "Retry-After", "3"))
	f("gateway", "answers 502", firstPause/2, says(502, "bad gateway"))
	f("the request took too long", "answers 408", firstPause/2, says(408, "timeout"))
	f("wrong token", `set influxdb.token to one that may write to bucket "egret"`, operatePause, says(401, "unauthorized"))
	f("forbidden", `set influxdb.token`, operatePause, says(403, "forbidden"))
	f("series limit", "raise that limit in the database", operatePause, says(400, "partial write: max-series-per-database limit exceeded: (1000000) dropped=1"))
	f("tag limit", "raise that limit", operatePause, says(422, "max-values-per-tag limit exceeded (100000/100000)"))
	f("a web page that is no database", "see whether influxdb.url leads to the database itself", operatePause, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, "<html>The plain HTTP request was sent to HTTPS port</html>")
	})
}

func TestPausesGrowUpToALimit(t *testing.T) {
	s := newStage(t, slices.Repeat([]answer{says(500, "timeout")}, 12)...)
	a := newAttempt(s.URL, &batches{left: []string{text(lines(0, 1))}})
	wantStored(t, s, a, lines(0, 1))
	expected := firstPause
	for i, pause := range a.pauses {
		if pause < expected/2 || pause >= expected*3/2 {
			t.Errorf("pause %d is %s, want about %s", i+1, pause, expected)
		}
		expected = min(2*expected, mostPause)
	}
}

func TestADatabaseThatIsDownComesUp(t *testing.T) {
	s := newStage(t)
	address := s.Listener.Addr().String()
	s.Close()
	a := newAttempt("http://"+address, &batches{left: []string{text(lines(0, 5))}})
	var up *stage
	a.onPause = func(number int) {
		if !strings.Contains(a.Problem().Error(), "InfluxDB at http://"+address+" does not answer") {
			t.Errorf("the problem is %v", a.Problem())
		}
		if number == 3 {
			up = newStage(t)
			a.database = NewDatabase(Config{URL: up.URL, Bucket: "egret", Timeout: time.Second})
		}
	}
	if err := a.Run(t.Context()); !errors.Is(err, errDry) || up == nil || !slices.Equal(up.lines(), lines(0, 5)) {
		t.Errorf("Run ends with %v after %d pauses", err, len(a.pauses))
	}
}

func TestADatabaseThatHangsIsGivenUpAndAskedAgain(t *testing.T) {
	s := newStage(t, hangs(300*time.Millisecond))
	a := newAttempt(s.URL, &batches{left: []string{text(lines(0, 5))}})
	a.database = NewDatabase(Config{URL: s.URL, Bucket: "egret", Timeout: 50 * time.Millisecond})
	wantStored(t, s, a, lines(0, 5))
	if len(a.pauses) != 1 || !strings.Contains(a.problems[0].Error(), "does not answer") {
		t.Errorf("paused because %v", a.problems)
	}
}

func TestBadLinesAreFoundByHalvingAndAllOthersStored(t *testing.T) {
	f := func(name string, count int, bad ...int) {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.always = s.refuses("bad")
			list := lines(0, count)
			var good, refused []string
			for i := range list {
				if slices.Contains(bad, i) {
					list[i] = strings.Replace(list[i], "pm25=", "bad=", 1)
					refused = append(refused, list[i])
				} else {
					good = append(good, list[i])
				}
			}
			source := &batches{left: []string{text(list), text(lines(1000, 3))}}
			wantStored(t, s, newAttempt(s.URL, source), append(good, lines(1000, 3)...))
			var got []string
			for _, r := range source.refused {
				got = append(got, string(r.Line))
				if !strings.Contains(r.Reason, "answers 400") || !strings.Contains(r.Reason, "field type conflict") {
					t.Errorf("reason is %q", r.Reason)
				}
			}
			if !slices.Equal(got, refused) {
				t.Errorf("refused are %v, want %v", got, refused)
			}
			if most := 2 + len(bad)*2*11; len(s.offered) > most {
				t.Errorf("%d requests for %d bad lines among %d", len(s.offered), len(bad), count)
			}
		})
	}
	f("the only line", 1, 0)
	f("the first", 100, 0)
	f("the last", 100, 99)
	f("the middle", 101, 50)
	f("neighbours", 100, 49, 50)
	f("several", 1000, 3, 500, 501, 777)
	f("all", 4, 0, 1, 2, 3)
}

func TestALimitReachedWhileHalvingStops(t *testing.T) {
	list := lines(0, 4)
	s := newStage(t, says(400, "unable to parse"), says(400, "max-series-per-database limit exceeded"))
	source := &batches{left: []string{text(list)}}
	a := newAttempt(s.URL, source)
	wantStored(t, s, a, list)
	if len(source.refused) > 0 || len(a.pauses) != 1 {
		t.Errorf("%d lines in quarantine, %d pauses", len(source.refused), len(a.pauses))
	}
}

func TestABatchThatIsTooLargeIsSentInParts(t *testing.T) {
	s := newStage(t)
	s.always = s.takesUpTo(200)
	list := append(lines(0, 9), "air,station=wx-1,period=rt "+strings.Repeat("x", 300)+"=1 1")
	source := &batches{left: []string{text(list)}}
	wantStored(t, s, newAttempt(s.URL, source), list[:9])
	if len(source.refused) != 1 || string(source.refused[0].Line) != list[9] {
		t.Errorf("refused are %v", source.refused)
	}
}

func TestAMissingDatabaseIsMadeOnce(t *testing.T) {
	s := newStage(t, says(404, "database not found: egret"))
	a := newAttempt(s.URL, &batches{left: []string{text(lines(0, 5))}})
	wantStored(t, s, a, lines(0, 5))
	if want := []string{"q=CREATE+DATABASE+%22egret%22"}; !slices.Equal(s.created, want) || a.pauses[0] != 0 {
		t.Errorf("asked %v, pauses %v", s.created, a.pauses)
	}

	// Where that does not help, it is not asked in a tight loop.
	s = newStage(t, slices.Repeat([]answer{says(404, "retention policy not found")}, 4)...)
	a = newAttempt(s.URL, &batches{left: []string{text(lines(0, 5))}})
	wantStored(t, s, a, lines(0, 5))
	if want := []time.Duration{0, operatePause, operatePause, operatePause}; !slices.Equal(a.pauses, want) || len(s.created) != 1 {
		t.Errorf("pauses %v, created %d times", a.pauses, len(s.created))
	}
}

func TestOneRequestIsInFlight(t *testing.T) {
	s := newStage(t, says(500, "x"), nil, says(503, "x"))
	source := &batches{}
	for i := range 10 {
		source.left = append(source.left, text(lines(10*i, 10)))
	}
	wantStored(t, s, newAttempt(s.URL, source), lines(0, 100))
	if s.mostFlying != 1 {
		t.Errorf("%d requests at once", s.mostFlying)
	}
}

func TestTheWriterEndsWithItsContextAndKeepsTheBatch(t *testing.T) {
	s := newStage(t)
	s.always = says(500, "timeout")
	source := &batches{left: []string{text(lines(0, 5))}}
	a := newAttempt(s.URL, source)
	ctx, cancel := context.WithCancel(t.Context())
	a.onPause = func(number int) {
		if number == 3 {
			cancel()
		}
	}
	if err := a.Run(ctx); !errors.Is(err, context.Canceled) || len(source.done) > 0 {
		t.Errorf("Run ends with %v, %d batches done", err, len(source.done))
	}
}

func TestWhatEachAnswerAsksFor(t *testing.T) {
	f := func(status int, message string, want Remedy) {
		t.Helper()
		err := &influxhttp.Error{StatusCode: status, Code: "x", Message: message, Header: http.Header{"X-Influxdb-Version": {"1.8.10"}}}
		if got := classify(err, Config{}); got.Remedy != want || got.Status != status || got.Missing != (status == 404) {
			t.Errorf("%d %s: %+v, want remedy %d", status, message, got, want)
		}
	}
	f(400, "unable to parse", Halve)
	f(400, "partial write: points beyond retention policy dropped=1", Halve)
	f(400, "partial write: max-series-per-database limit exceeded", Operate)
	f(401, "unauthorized", Operate)
	f(403, "forbidden", Operate)
	f(404, "bucket not found", Operate)
	f(405, "method not allowed", Operate)
	f(408, "timeout", Wait)
	f(413, "body exceeds limit", Halve)
	f(422, "field type conflict", Halve)
	f(429, "limit exceeded", Wait)
	f(500, "unable to parse", Wait)
	f(503, "", Wait)
	f(301, "moved", Operate)
	if got := classify(io.ErrUnexpectedEOF, Config{}); got.Remedy != Wait {
		t.Errorf("a broken connection: %+v", got)
	}
	if got := classify(&influxhttp.Error{StatusCode: 400, Message: "<html>"}, Config{}); got.Remedy != Operate {
		t.Errorf("a proxy's 400: %+v", got)
	}
}

func TestHalveCutsBetweenLines(t *testing.T) {
	f := func(lines string, want ...string) {
		t.Helper()
		first, second := halve([]byte(lines))
		got := []string{string(first)}
		if len(second) > 0 {
			got = append(got, string(second))
		}
		if !reflect.DeepEqual(got, want) || !bytes.Equal(append(bytes.Clone(first), second...), []byte(lines)) {
			t.Errorf("%q is cut into %q", lines, got)
		}
	}
	f("a\n", "a\n")
	f("a", "a")
	f("a\nb\n", "a\n", "b\n")
	f("a\nb", "a\n", "b")
	f("aaaaaaaa\nb\n", "aaaaaaaa\n", "b\n")
	f("a\nbbbbbbbb\n", "a\n", "bbbbbbbb\n")
	f("a\nb\nc\nd\n", "a\nb\nc\n", "d\n")
}
