package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// errLedger makes `egret ledger` exit with 1 when a sum does not hold.
var errLedger = errors.New("the ledger does not add up")

func ledgerCommand() *cobra.Command {
	var where location
	command := &cobra.Command{
		Use:   "ledger",
		Short: "Say where everything is that was ever received, and whether it adds up",
		Long: `ledger prints one sum a line: messages received, values journaled, stored in InfluxDB, waiting and
refused, readings seen by the rules, and what became of quarantine. It exits with 1 if a sum does not hold.
It asks the running serve, or opens the data directory itself when nobody holds it.`,
		Example: `  egret ledger
  egret ledger --json -c egret.yaml`,
		Args: cobra.NoArgs,
	}
	asJSON := command.Flags().Bool("json", false, "print JSON")
	where.flags(command.Flags())
	command.RunE = func(command *cobra.Command, _ []string) error {
		data, err := where.open()
		if err != nil {
			return err
		}
		defer data.Close()
		l, err := data.Ledger(command.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			encoder := json.NewEncoder(command.OutOrStdout())
			encoder.SetIndent("", "  ")
			err = encoder.Encode(l)
		} else {
			_, err = fmt.Fprintln(command.OutOrStdout(), l)
		}
		if err == nil && !l.AddsUp {
			err = errLedger
		}
		return err
	}
	return command
}
