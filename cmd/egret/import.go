package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"egret/deploy/config"
	"egret/ingest/reading"
	"egret/ingest/table"

	"github.com/spf13/cobra"
)

// importOptions are the flags of `egret import`.
type importOptions struct {
	files  []string
	table  tableOptions
	again  bool
	noWait bool
	quiet  bool
}

func importCommand() *cobra.Command {
	var where location
	var o importOptions
	command := &cobra.Command{
		Use:   "import [-c egret.yaml] FILE.csv...",
		Short: "Bring a bureau's history in, years of it, through the journal",
		Long: `import takes readings from tables into the journal, from where they reach InfluxDB and the averages like
those of stations, with the same checks but for their age. Nobody is alerted of what is long past; plans that
are running are judged at the end, and tell where they stand.

It hands them to the running serve, and waits until that has worked them off. Where no serve holds the data
directory it writes them into the journal itself, for the next serve. Rows are ordered by time, whatever the
files, in memory: 40 bytes a row and 16 a value, and several times that while they are read, so 250 MB for
four years of 8 stations with 10 values an hour.
They go in chunks of a month at most; each is synced before the next, and none is taken twice: after a crash
of either side run the same command again, and it goes on where it was. The same files under the same options
are brought in once; with --again they come anew, which changes no figure.

` + tableHelp + `
received does not matter here, except that of one reading the row that was received later counts.

` + columnsHelp + `
A column that nobody knows is an error here.

What the checks refuse goes to quarantine with its reason, an entry for each chunk, and can be taken again
from there. Cells that cannot be read are printed as {"type":"refused","file","line","column","reason"}, and
at the end {"type":"import",…} with the totals. import ends with 1 if a cell or row could not be read or
nothing was taken.`,
		Example: `  egret import -c egret.yaml 2023.csv.gz 2024.csv.gz 2025.csv.gz
  egret import -c egret.yaml --time year,month,day,hour --map PM2.5=pm25 --map CO=co:ug/m3 --map TEMP=temp \
      --map PRES=pressure --map WSPM=wind_speed --ignore No,DEWP,wd --period 1h PRSA_Data_*.csv.gz
  egret import -c egret.yaml --time date,hour --station-column 城市 --station-map 无锡=city-wx \
      --map PM2.5=pm25 --ignore O3_8h --ignore-others --period 1h china_cities_*.csv.gz`,
		Args: cobra.MinimumNArgs(1),
	}
	flags := command.Flags()
	where.flags(flags)
	o.table.flags(flags)
	flags.BoolVar(&o.again, "again", false, "bring in from the start what was brought in before")
	flags.BoolVar(&o.noWait, "no-wait", false, "do not wait until the rules and InfluxDB have it")
	flags.BoolVar(&o.quiet, "quiet", false, "no progress and no totals on standard error")
	command.RunE = func(command *cobra.Command, files []string) error {
		c, err := loadConfig(where.file)
		if err != nil {
			return err
		}
		o.files = files
		return bringIn(command.Context(), c, &where, o, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
	}
	return command
}

// bringIn reads the tables and brings them into the data directory.
func bringIn(ctx context.Context, c *config.Config, where *location, o importOptions, stdin io.Reader, stdout, stderr io.Writer) error {
	marks, err := reading.FindFlagTable(o.table.marks)
	if err != nil {
		return usageError{err}
	}
	columns, err := o.table.columns()
	if err != nil {
		return err
	}
	columns.Strict = true
	p := newImportProgress(stderr, o.quiet)
	out := newPrinter(stdout)
	readings, err := readTables(c, columns, o.files, stdin, out, stderr)
	if err != nil {
		return errors.Join(err, out.flush())
	}
	past := cutHistory(readings, marks, c.Zone, sourceName(o.files))
	counts := readings.Counts()
	if len(past.chunks) > 0 {
		p.of = counts.Values
		b := bringer{pastReadings: past, zone: c.Zone, out: out, progress: p}
		err = where.with(func(data access) error { return b.run(ctx, data, o) })
	}
	if err = errors.Join(err, out.flush()); err == nil && counts.Problems > 0 {
		err = fmt.Errorf("%d cells or rows could not be read; the rest was taken", counts.Problems)
	}
	return err
}

// sourceName names the files for people.
func sourceName(files []string) string {
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = filepath.Base(file)
		if file == table.Stdin {
			names[i] = "standard input"
		}
	}
	return "import " + reading.Shorten(strings.Join(names, ", "))
}
