package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"egret/deploy/config"
	"egret/ingest/reading"
	"egret/ingest/table"
	"egret/rules/figure"

	"github.com/spf13/cobra"
)

// untilAfter is how long after the last receipt a replay ends: the hour that holds it is over then.
const untilAfter = time.Hour

// mostProblemsShown bounds what is said of cells on standard error; standard output has them all.
const mostProblemsShown = 20

// replayOptions are the flags of `egret replay`.
type replayOptions struct {
	files   []string
	until   string
	table   tableOptions
	quiet   bool
	windows bool
}

func replayCommand() *cobra.Command {
	var file string
	var o replayOptions
	command := &cobra.Command{
		Use:   "replay [-c egret.yaml] FILE.csv...",
		Short: "Run the rules over files of readings, without a broker or a database",
		Long: `replay takes readings from tables as serve takes them from stations, with the same checks, and prints
what the rules make of them, one JSON object a line. The same files and configuration give the same lines.

` + tableHelp + `

received is when the reading came in; without it, when its period was over. The files are merged in that
order, in memory: 40 bytes a row and 16 a value. Limits of the clock and the horizon count from there. How
rows and files are arranged does not matter, except that of one reading that stands there twice the later
row counts.
The clock ticks each minute, for at most 32 days without a receipt, and after the last receipt for another
hour (or to --until).

` + columnsHelp + `

What cannot be read or is refused is printed as {"type":"refused","file","line","column","reason"} and the
rest is taken. replay ends with 1 if a cell or row could not be read or nothing was taken; readings that the
checks refuse (range, clock, register), as they would those of a station, do not change that.`,
		Example: `  egret replay -c egret.yaml 2025.csv.gz > figures.jsonl
  egret replay -c egret.yaml air.csv water.csv | jq -c 'select(.type == "alert")'
  egret replay --flags national --until 2026-04-01 - < march.csv`,
		Args: cobra.MinimumNArgs(1),
	}
	flags := command.Flags()
	flags.StringVarP(&file, "config", "c", "", "the configuration file: stations, parameters, rules, zone, limits")
	flags.StringVar(&o.until, "until", "", "when the clock stops (default: an hour after the last receipt)")
	o.table.flags(flags)
	flags.BoolVar(&o.windows, "windows", false, "print the sliding means of rules with a window, too: many lines")
	flags.BoolVar(&o.quiet, "quiet", false, "no progress and no totals")
	command.RunE = func(command *cobra.Command, files []string) error {
		c, err := loadConfig(file)
		if err != nil {
			return err
		}
		o.files = files
		return replay(command.Context(), c, o, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
	}
	return command
}

// practiceLine names how the figures below it are judged where the standards leave it open.
type practiceLine struct {
	Type     string           `json:"type"`
	Settings []figure.Setting `json:"settings"`
}

// replay reads the tables and runs the rules over them.
func replay(ctx context.Context, c *config.Config, o replayOptions, stdin io.Reader, stdout, stderr io.Writer) error {
	marks, err := reading.FindFlagTable(o.table.marks)
	if err != nil {
		return usageError{err}
	}
	columns, err := o.table.columns()
	if err != nil {
		return err
	}
	var until int64
	if o.until != "" {
		if until, err = table.ParseTime(o.until, c.Zone); err != nil {
			return usageError{fmt.Errorf("--until %w", err)}
		}
	}
	out := newPrinter(stdout)
	readings, err := readTables(c, columns, o.files, stdin, out, stderr)
	if err != nil {
		return errors.Join(err, out.flush())
	}
	last := readings.LastReceipt()
	switch {
	case until == 0:
		until = last + int64(untilAfter)
	case until < last:
		return usageError{fmt.Errorf("--until %s lies before the last receipt, %s", o.until, time.Unix(0, last).In(c.Zone).Format(time.RFC3339))}
	}
	if err := out.print(practiceLine{"standards", c.Practice.Describe()}); err != nil {
		return err
	}
	p := &progress{to: stderr, zone: c.Zone, of: readings.Counts().Values, quiet: o.quiet, began: time.Now()}
	r, err := openReplay(c, marks, o.windows, out)
	if err != nil {
		return err
	}
	defer r.Close()
	for m := range readings.Messages() {
		if err := r.take(ctx, m); err != nil {
			return err
		}
		p.say(m.Received, r.offered)
	}
	if err := r.finish(ctx, until); err != nil {
		return err
	}
	counts := readings.Counts()
	p.total(r, counts)
	switch {
	case counts.Problems > 0:
		return fmt.Errorf("%d cells or rows could not be read; the rest was taken", counts.Problems)
	case r.taken == 0:
		return errors.New("no reading was taken; the lines of type refused say why")
	}
	return nil
}

// readTables reads all files, whose columns are as said; cells that cannot be read are printed and, the first of them,
// said on stderr.
func readTables(c *config.Config, columns table.Columns, files []string, stdin io.Reader, out *printer, stderr io.Writer) (*table.Table, error) {
	var unprinted error
	problems := 0
	readings := table.New(c.Parameters, c.Register(), c.Zone, func(p table.Problem) {
		if problems++; problems <= mostProblemsShown {
			fmt.Fprintln(stderr, p)
		} else if problems == mostProblemsShown+1 {
			fmt.Fprintln(stderr, "…and more; all of them are on standard output")
		}
		if err := out.print(refusal{Type: "refused", File: p.File, Line: p.Line, Column: p.Column, Reason: p.Reason}); err != nil {
			unprinted = err
		}
	})
	if err := readings.Map(columns); err != nil {
		return nil, usageError{err}
	}
	for _, file := range files {
		if err := readings.ReadFile(file, stdin); err != nil {
			return nil, err
		}
	}
	if unmet := readings.Unmet(); len(unmet) > 0 {
		return nil, fmt.Errorf("no file has a column %q, which --map names", strings.Join(unmet, ", "))
	}
	if unprinted == nil && readings.Counts().Values == 0 && readings.Counts().Problems == 0 {
		return nil, errors.New("the files hold no values")
	}
	return readings, unprinted
}

// progress tells a person how far a replay is.
type progress struct {
	to          io.Writer
	zone        *time.Location
	of          int
	quiet       bool
	began, said time.Time
	messages    int
}

// progressEvery is how often: often enough to see that something happens.
const progressEvery = 2 * time.Second

func (p *progress) say(received int64, values int) {
	if p.messages++; p.quiet || p.messages%1024 != 0 {
		return
	}
	if now := time.Now(); now.Sub(p.said) > progressEvery && now.Sub(p.began) > progressEvery {
		p.said = now
		fmt.Fprintf(p.to, "%s  %d of %d values\n", time.Unix(0, received).In(p.zone).Format("2006-01-02 15:04"), values, p.of)
	}
}

func (p *progress) total(r *replayed, counts table.Counts) {
	if !p.quiet {
		fmt.Fprintf(p.to, "%d values in %d rows: %d taken, %d refused; %d cells empty, %d cells or rows not read; %d alerts told; %.1f s\n",
			counts.Values, counts.Rows, r.taken, r.refused, counts.Empty, counts.Problems, r.told, time.Since(p.began).Seconds())
	}
}
