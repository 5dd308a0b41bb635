package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"egret/ingest/intake"
)

// barEvery is how often a bar on a terminal moves; lines of a log come every progressEvery.
const barEvery = 200 * time.Millisecond

// barWidth is that of a bar, in characters.
const barWidth = 24

// importProgress tells a person how far an import is: a bar on a terminal, else lines.
type importProgress struct {
	to            io.Writer
	terminal      bool
	quiet         bool
	of            int // values
	from          int // values that an earlier run had brought
	opened, began time.Time
	said          time.Time
	waited        string // why it was waited last
	drawn         bool   // a bar stands in the present line
	widest        int
}

func newImportProgress(to io.Writer, quiet bool) *importProgress {
	p := &importProgress{to: to, quiet: quiet, opened: time.Now()}
	if file, ok := to.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// begin notes what was there before the first chunk is brought.
func (p *importProgress) begin(values int) { p.from, p.began = values, time.Now() }

// note says something in a line of its own.
func (p *importProgress) note(format string, arguments ...any) {
	if p.quiet {
		return
	}
	p.clear()
	fmt.Fprintf(p.to, format+"\n", arguments...)
}

// waiting says once why nothing goes on.
func (p *importProgress) waiting(reason string) {
	if p.waited != reason {
		p.waited = reason
		p.note("waiting: %s", reason)
	}
}

// say tells how many values are through, now and then.
func (p *importProgress) say(values int, state *intake.Import) {
	p.waited = ""
	spent := time.Since(p.began)
	if !p.due() || spent <= 0 {
		return
	}
	rate := float64(values-p.from) / spent.Seconds()
	left := time.Duration(float64(p.of-values) / max(rate, 1) * float64(time.Second)).Round(time.Second)
	p.show(values, fmt.Sprintf("%d of %d values, %d refused, %.0f/s, %s left", values, p.of, state.Refused, rate, left))
}

// working tells how many values the rules and the database still have to take.
func (p *importProgress) working(rules, database uint64) {
	if p.due() {
		p.show(p.of-int(min(uint64(p.of), max(rules, database))), fmt.Sprintf("all journaled; to come: rules %d values, InfluxDB %d, and averages", rules, database))
	}
}

// due says whether it is time to tell something.
func (p *importProgress) due() bool {
	every := progressEvery
	if p.terminal {
		every = barEvery
	}
	if p.quiet || time.Since(p.said) < every || time.Since(p.opened) < every {
		return false
	}
	p.said = time.Now()
	return true
}

func (p *importProgress) show(values int, text string) {
	percent := 100 * values / max(1, p.of)
	if !p.terminal {
		fmt.Fprintf(p.to, "%d %%  %s\n", percent, text)
		return
	}
	full := barWidth * values / max(1, p.of)
	line := fmt.Sprintf("[%s%s] %d %%  %s", strings.Repeat("#", full), strings.Repeat("-", barWidth-full), percent, text)
	fmt.Fprintf(p.to, "\r%-*s", p.widest, line)
	p.widest, p.drawn = max(p.widest, len(line)), true
}

// clear takes the bar away.
func (p *importProgress) clear() {
	if p.drawn {
		fmt.Fprintf(p.to, "\r%s\r", strings.Repeat(" ", p.widest))
		p.drawn, p.widest = false, 0
	}
}

// total says what became of everything.
func (p *importProgress) total(t *importTotals) {
	refused := fmt.Sprintf("%d refused", t.Refused)
	if t.Entries > 0 {
		refused += fmt.Sprintf(" (quarantine entries %d to %d)", t.FirstEntry, t.LastEntry)
	}
	if t.Known != nil {
		refused += fmt.Sprintf(", %d were there already", *t.Known)
	}
	p.note("%d values of %d stations in %d rows, %s to %s: %d taken, %s; %d cells empty, %d cells or rows not read; %.1f s",
		t.Values, t.Stations, t.Rows, t.First, t.Last, t.Taken, refused, t.Empty, t.Unread, time.Since(p.opened).Seconds())
}
