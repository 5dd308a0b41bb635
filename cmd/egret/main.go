// Command egret takes the readings of environmental monitoring stations from MQTT, keeps them in InfluxDB and holds
// rolling averages against their limits.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := rootCommand().ExecuteContext(ctx)
	stop()
	if exitCode(err) != exitDone {
		fmt.Fprintln(os.Stderr, "egret: "+err.Error())
	}
	os.Exit(exitCode(err))
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "egret",
		Short: "Readings of environmental monitoring stations in, rolling averages held against limits, alerts out",
		Long: `Egret 白鹭 takes the readings of air, water and noise stations from MQTT, keeps them in InfluxDB,
and holds rolling averages against their limits, so that a breach is known while something can still be done.`,
		Example: `  egret demo                       everything in one process, with simulated stations
  egret serve                      the service, with an embedded broker and database
  egret serve -c egret.yaml        the service with your broker, database, stations and rules`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.SetFlagErrorFunc(func(command *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see '%s --help'", err, command.CommandPath())}
	})
	root.AddCommand(demoCommand(), serveCommand(), checkCommand(), assessCommand(), decodeCommand(), profilesCommand(), replayCommand(), importCommand(), packsCommand(), simulateCommand(), quarantineCommand(), ledgerCommand(), versionCommand())
	return root
}
