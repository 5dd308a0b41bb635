package main

import (
	"fmt"
	"os"

	"egret/deploy/config"

	"github.com/spf13/cobra"
)

func checkCommand() *cobra.Command {
	var file string
	command := &cobra.Command{
		Use:   "check -c egret.yaml",
		Short: "Say every mistake in a configuration, with its line",
		Long: `check reads a configuration as serve would and says every mistake in it, one a line:
file:line: field: what is wrong; what to do. It exits with 1 if there is one.`,
		Example: `  egret check -c egret.yaml
  egret check --example > egret.yaml      write a commented example to start from`,
		Args: cobra.NoArgs,
	}
	example := command.Flags().Bool("example", false, "print a commented example configuration")
	command.Flags().StringVarP(&file, "config", "c", configName, "the configuration file")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if *example {
			_, err := fmt.Fprint(command.OutOrStdout(), config.Example)
			return err
		}
		c, err := config.Load(file, os.LookupEnv)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(command.OutOrStdout(), "%s is in order: %d stations, %d rules, %d plans, %d topics\n", file, len(c.Stations), len(c.Rules), len(c.Plans), len(c.Subscriptions))
		return err
	}
	return command
}

// loadConfig returns the configuration of a file, the defaults without one.
func loadConfig(file string) (*config.Config, error) {
	if file == "" {
		return config.Default(), nil
	}
	return config.Load(file, os.LookupEnv)
}
