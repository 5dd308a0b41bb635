package influx

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"egret/ingest/reading"
)

// Batch is a run of complete lines from a source.
type Batch struct {
	Lines []byte
	Token any // what the source needs to find its place again
}

// Refusal is a line that the database will never take, and why.
type Refusal struct {
	Line   []byte
	Reason string
}

// Source is where lines come from, in order.
type Source interface {
	// Name is for metrics and messages.
	Name() string
	// Next waits for lines and returns what is there, about maxBytes of it. The batch before must be done.
	Next(ctx context.Context, maxLines, maxBytes int) (Batch, error)
	// Done moves the cursor past the batch, in one step with the keeping of what was refused of it.
	Done(ctx context.Context, batch Batch, refused []Refusal) error
}

const (
	batchBytes = 4 << 20
	firstPause = 500 * time.Millisecond
	// mostPause bounds the back-off: one writer asking every few seconds costs a database nothing, and a backlog must
	// not wait when it is back.
	mostPause = 5 * time.Second
	// mostRetryAfter bounds what a server may ask for, so that a mistake of it does not stop the writer for years.
	mostRetryAfter = 10 * time.Minute
	// operatePause is how often it is tried whether a person has mended what stands in the way.
	operatePause = 10 * time.Second
	// gatherPause is how far apart batches begin that are not full: a request costs the database as much as some twenty
	// lines of eight values, and nobody looks at a panel more often.
	gatherPause = 50 * time.Millisecond
	// shortestLine is what one line of readings takes at least: a batch with fewer bytes than so many lines is not full.
	shortestLine = 50
)

// Writer brings the lines of one source into the database: one batch in flight, so that the later entry wins.
type Writer struct {
	database *Database
	source   Source
	lines    int
	metrics  *Metrics
	log      *slog.Logger
	problem  atomic.Pointer[Error]
	// sleep waits between attempts, gather for lines to come together; a test looks on instead.
	sleep, gather func(context.Context, time.Duration) error
}

// NewWriter returns a writer of batches of up to maxLines lines.
func NewWriter(database *Database, source Source, maxLines int, metrics *Metrics, log *slog.Logger) *Writer {
	return &Writer{database: database, source: source, lines: maxLines, metrics: metrics, log: log.With("source", source.Name()), sleep: sleep, gather: sleep}
}

// Problem returns why nothing is written at the moment, nil where all goes well.
func (w *Writer) Problem() error {
	if e := w.problem.Load(); e != nil {
		return e
	}
	return nil
}

// Run writes until ctx ends. An error other than the context's is the source's.
func (w *Writer) Run(ctx context.Context) error {
	for {
		batch, err := w.source.Next(ctx, w.lines, batchBytes)
		if err != nil {
			return err
		}
		started := time.Now()
		refused, err := w.write(ctx, batch.Lines)
		if err != nil {
			return err
		}
		if err := w.source.Done(ctx, batch, refused); err != nil {
			return err
		}
		w.metrics.written(w.source.Name(), bytes.Count(batch.Lines, []byte{'\n'})-len(refused), len(refused))
		if len(batch.Lines) < w.lines*shortestLine {
			if err := w.gather(ctx, gatherPause-time.Since(started)); err != nil {
				return err
			}
		}
	}
}

// write brings lines in, however long it takes. What is refused for good is found by halving.
func (w *Writer) write(ctx context.Context, lines []byte) ([]Refusal, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	reason, err := w.offer(ctx, lines)
	if err != nil || reason == "" {
		return nil, err
	}
	first, second := halve(lines)
	if len(second) == 0 {
		w.log.Warn("the database refuses a line; it is in quarantine", "line", reading.Shorten(string(lines)), "reason", reason)
		return []Refusal{{Line: bytes.Clone(bytes.TrimSuffix(lines, []byte{'\n'})), Reason: reason}}, nil
	}
	refused, err := w.write(ctx, first)
	if err != nil {
		return nil, err
	}
	more, err := w.write(ctx, second)
	return append(refused, more...), err
}

// offer sends the lines until they are taken, or refused with a reason.
func (w *Writer) offer(ctx context.Context, lines []byte) (reason string, err error) {
	pause, created := firstPause, false
	for {
		started := time.Now()
		err := w.database.Write(ctx, lines)
		w.metrics.took(w.source.Name(), time.Since(started))
		if err == nil {
			if w.problem.Swap(nil) != nil {
				w.log.Info("the database takes lines again")
				w.metrics.stopped.WithLabelValues(w.source.Name()).Set(0)
			}
			return "", nil
		}
		var answer *Error
		if !errors.As(err, &answer) || ctx.Err() != nil {
			return "", errors.Join(ctx.Err(), err)
		}
		if answer.Remedy == Halve {
			return answer.Error(), nil
		}
		w.shout(answer)
		wait := pause/2 + rand.N(pause) // half to one and a half, so that many writers do not come back at once
		if answer.Remedy == Operate {
			wait = operatePause
			if answer.Missing && !created && w.database.Create(ctx) == nil {
				wait, created = 0, true // once: where that did not help, a person must
			}
		}
		pause = min(2*pause, mostPause)
		if err := w.sleep(ctx, max(wait, min(answer.RetryAfter, mostRetryAfter))); err != nil {
			return "", err
		}
	}
}

func (w *Writer) shout(e *Error) {
	w.metrics.failed.WithLabelValues(w.source.Name()).Inc()
	if last := w.problem.Swap(e); last != nil && last.Error() == e.Error() {
		return
	}
	w.metrics.stopped.WithLabelValues(w.source.Name()).Set(1)
	if e.Remedy == Operate {
		w.log.Error("nothing is written to the database until somebody acts; nothing is lost", "reason", e.Error())
		return
	}
	w.log.Warn("the database does not take lines; they are kept and offered again", "reason", e.Error())
}

func halve(lines []byte) (first, second []byte) {
	middle := len(lines) / 2
	if cut := bytes.IndexByte(lines[middle:], '\n'); cut >= 0 && middle+cut+1 < len(lines) {
		return lines[:middle+cut+1], lines[middle+cut+1:]
	}
	if cut := bytes.LastIndexByte(lines[:middle], '\n'); cut >= 0 {
		return lines[:cut+1], lines[cut+1:]
	}
	return lines, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
