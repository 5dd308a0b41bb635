package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"egret/dashboards/api"
	"egret/ingest/intake"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/spf13/cobra"
)

func quarantineCommand() *cobra.Command {
	where := &location{}
	command := &cobra.Command{
		Use:   "quarantine",
		Short: "Look at what could not be stored, and take it again or drop it",
		Example: `  egret quarantine list
  egret quarantine show 17
  egret quarantine retry --all        after the configuration was corrected and serve started again
  egret quarantine drop 17 18`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	where.flags(command.PersistentFlags())
	command.AddCommand(quarantineListCommand(where), quarantineShowCommand(where), quarantineRetryCommand(where), quarantineDropCommand(where))
	return command
}

func quarantineListCommand(where *location) *cobra.Command {
	command := &cobra.Command{Use: "list", Short: "List the entries, oldest first", Example: "  egret quarantine list --station wx-air-1 --limit 50", Args: cobra.NoArgs}
	station := command.Flags().String("station", "", "only of this station")
	limit := command.Flags().Int("limit", 100, "how many at most")
	after := command.Flags().Uint64("after", 0, "only entries with a higher number")
	asJSON := command.Flags().Bool("json", false, "print one JSON object a line, without payloads")
	command.RunE = func(command *cobra.Command, _ []string) error {
		return where.with(func(data access) error {
			page, err := data.List(command.Context(), *after, *limit, *station)
			if err != nil {
				return err
			}
			return printEntries(command.OutOrStdout(), page, *asJSON)
		})
	}
	return command
}

func printEntries(to io.Writer, page api.EntryList, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(to)
		for i := range page.Entries {
			if err := encoder.Encode(&page.Entries[i]); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "NUMBER\tRECEIVED\tSTATION\tFROM\tSTORED\tREASON")
	for i := range page.Entries {
		e := &page.Entries[i]
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%d\t%s\n", e.ID, e.Received.Format(time.RFC3339), orDash(e.Station), printable(e.Source), e.Stored, reasons(e))
	}
	if len(page.Entries) == 0 {
		fmt.Fprintln(table, "nothing is in quarantine")
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if page.Next != 0 {
		_, err := fmt.Fprintf(to, "more: egret quarantine list --after %d\n", page.Next)
		return err
	}
	return nil
}

func reasons(e *quarantine.Entry) string {
	text := printableWhole(e.Reasons[0])
	if more := len(e.Reasons) - 1 + e.More; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// printable keeps what stations send from steering a terminal.
func printable(text string) string {
	return printableWhole(reading.Shorten(text))
}

func quarantineShowCommand(where *location) *cobra.Command {
	return &cobra.Command{Use: "show NUMBER", Short: "Show one entry with all reasons and its payload", Example: "  egret quarantine show 17", Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			id, err := entryNumber(arguments[0])
			if err != nil {
				return err
			}
			return where.with(func(data access) error {
				e, err := data.Show(command.Context(), id)
				if err != nil {
					return err
				}
				return printEntry(command.OutOrStdout(), &e)
			})
		}}
}

func printEntry(to io.Writer, e *quarantine.Entry) error {
	fmt.Fprintf(to, "number    %d\nreceived  %s\nstation   %s\nfrom      %s\nformat    %s\nstored    %d values, rejected %d\nsize      %d bytes, %d kept, sha256 %s\n",
		e.ID, e.Received.Format(time.RFC3339Nano), orDash(e.Station), printable(e.Source), orDash(e.Format), e.Stored, e.Rejected, e.Size, len(e.Payload), e.SHA256)
	for _, reason := range e.Reasons {
		fmt.Fprintf(to, "reason    %s\n", printableWhole(reason))
	}
	if e.More > 0 {
		fmt.Fprintf(to, "reason    and %d more\n", e.More)
	}
	_, err := fmt.Fprintf(to, "payload   %s\n", printableWhole(string(e.Payload)))
	return err
}

func printableWhole(text string) string {
	quoted := strconv.QuoteToGraphic(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func quarantineRetryCommand(where *location) *cobra.Command {
	command := &cobra.Command{Use: "retry [NUMBER ...]", Short: "Take entries again under the present configuration",
		Long: `retry decodes and checks entries again. What is valid now is stored; an entry goes when nothing of it is
refused any more. The running serve uses the configuration it was started with.`,
		Example: "  egret quarantine retry 17 18\n  egret quarantine retry --all --station wx-air-1"}
	all := command.Flags().Bool("all", false, "all entries")
	station := command.Flags().String("station", "", "with --all: only of this station")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		return where.each(command.Context(), arguments, *all, *station, func(ctx context.Context, data access, id uint64, t *tally) error {
			result, err := data.Retry(ctx, id)
			if errors.Is(err, intake.ErrCut) { // one such entry must not keep the others from being taken
				result.Refused, err = []string{intake.ErrCut.Error()}, nil
			}
			if err != nil {
				return err
			}
			t.values += result.Stored
			if len(result.Refused) == 0 {
				t.done++
				return nil
			}
			t.left++
			if t.left <= 5 {
				fmt.Fprintf(command.OutOrStdout(), "%d is still refused: %s\n", id, printableWhole(result.Refused[0]))
			}
			return nil
		}, func(t *tally) {
			fmt.Fprintf(command.OutOrStdout(), "%d entries taken again with %d values, %d still refused\n", t.done, t.values, t.left)
		})
	}
	return command
}

func quarantineDropCommand(where *location) *cobra.Command {
	command := &cobra.Command{Use: "drop NUMBER ...", Short: "Remove entries for good", Example: "  egret quarantine drop 17 18\n  egret quarantine drop --all --station test-1"}
	all := command.Flags().Bool("all", false, "all entries")
	station := command.Flags().String("station", "", "with --all: only of this station")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		return where.each(command.Context(), arguments, *all, *station, func(ctx context.Context, data access, id uint64, t *tally) error {
			t.done++
			return data.Drop(ctx, id)
		}, func(t *tally) { fmt.Fprintf(command.OutOrStdout(), "%d entries dropped\n", t.done) })
	}
	return command
}

// tally counts what a command did with many entries.
type tally struct{ done, left, values int }

func entryNumber(text string) (uint64, error) {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, usageError{fmt.Errorf("%q is not the number of a quarantine entry; 'egret quarantine list' shows them", text)}
	}
	return id, nil
}
