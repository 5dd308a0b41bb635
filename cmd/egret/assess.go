package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"egret/deploy/config"
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"

	"github.com/spf13/cobra"
)

func assessCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "assess air|water|noise",
		Short: "Judge given values by the standards that govern them",
		Long: `assess judges values from the command line as the rules judge those of stations: the index, class or level,
and whether limits are met, with the standard and clause. Nothing else is needed, no file and no service.`,
		Example: `  egret assess air --date 2026-11-21 --period day pm25=78 pm10=120 o3_8h=90
  egret assess water --type river --target III do=5.2 codmn=7.5 nh3n=1.32 tp=0.28
  egret assess noise --zone 2 day=55.2 night=47`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(assessAirCommand(), assessWaterCommand(), assessNoiseCommand())
	return command
}

// given is a value of a command line.
type given struct{ key, text string }

// parseGiven reads arguments such as pm25=78. One without = is a mistake of usage, none at all too.
func parseGiven(arguments []string) ([]given, error) {
	if len(arguments) == 0 {
		return nil, usageError{fmt.Errorf("no values: write them as in pm25=78")}
	}
	values := make([]given, len(arguments))
	for i, argument := range arguments {
		key, text, ok := strings.Cut(argument, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("%q is no value: write it as in pm25=78", reading.Shorten(argument))}
		}
		values[i] = given{key, text}
	}
	return values, nil
}

// number reads the value; valid is false where it is marked as missing.
func (g given) number() (number reading.Fixed, valid bool, err error) {
	switch g.text {
	case "", "-", "--", "NA":
		return 0, false, nil
	}
	if number, err = reading.ParseFixed([]byte(g.text)); err != nil {
		return 0, false, fmt.Errorf("%s: %q is not a number: write one such as 35.2, or - for a missing value", reading.Shorten(g.key), reading.Shorten(g.text))
	}
	return number, true, nil
}

// dayFlag adds --date; the day is today in the default zone where it is not given.
func dayFlag(command *cobra.Command) func() (calendar.Day, error) {
	text := command.Flags().String("date", "", "the day of the values, which decides the edition of a standard (default: today)")
	return func() (calendar.Day, error) {
		if *text == "" {
			return calendar.ParseDay(time.Now().In(config.Default().Zone).Format(time.DateOnly))
		}
		day, err := calendar.ParseDay(*text)
		if err != nil {
			return 0, usageError{fmt.Errorf("--date %w", err)}
		}
		return day, nil
	}
}

// printJSON writes one object for programs.
func printJSON(to io.Writer, object any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object)
}

// verdictWords says in two languages whether a limit is met; nil is not known.
func verdictWords(meets *bool) string {
	switch {
	case meets == nil:
		return standard.NotEnough.String() + " 数据不足"
	case *meets:
		return standard.Meets.String() + " 达标"
	default:
		return standard.Exceeds.String() + " 超标"
	}
}

// sheet writes lines of columns that stand below each other. Chinese characters are wider than a column counts, so they
// belong into the last one.
type sheet struct{ *tabwriter.Writer }

func newSheet(to io.Writer) sheet { return sheet{tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)} }

func (s sheet) row(cells ...string) { fmt.Fprintln(s, strings.Join(cells, "\t")) }

// shownNumber writes a number that may be missing.
func shownNumber(number *json.Number) string {
	if number == nil {
		return "-"
	}
	return number.String()
}
