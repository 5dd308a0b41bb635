package main

import (
	"fmt"
	"io"
	"strings"

	"egret/deploy/config"

	"github.com/spf13/cobra"
)

func profilesCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "profiles list|show",
		Short: "Look at the built-in profiles of how stations write",
		Long: `profiles shows how the stations and networks write that Egret knows. A subscription takes one by its name, as in
{topic: "tele/{station}/SENSOR", profile: tasmota}; a profile of your own may start from one with base: tasmota.`,
		Example: `  egret profiles list
  egret profiles show sensor-community
  egret decode --profile chirpstack message.json`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(profilesListCommand(), profilesShowCommand())
	return command
}

func profilesListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the profiles, with their formats", Example: "  egret profiles list", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return listProfiles(command.OutOrStdout()) }}
}

func listProfiles(to io.Writer) error {
	table := newSheet(to)
	table.row("NAME", "FORMAT", "ABOUT")
	for _, p := range config.BuiltinProfiles() {
		table.row(p.ID, string(p.Format), p.Title)
	}
	return table.Flush()
}

func profilesShowCommand() *cobra.Command {
	return &cobra.Command{Use: "show NAME", Short: "Print a profile, to be read or copied", Example: "  egret profiles show tasmota", Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			text, ok := config.ProfileText(arguments[0])
			if !ok {
				var names []string
				for _, p := range config.BuiltinProfiles() {
					names = append(names, p.ID)
				}
				return usageError{fmt.Errorf("profile %q is not built in: use one of %s", printable(arguments[0]), strings.Join(names, " "))}
			}
			_, err := fmt.Fprint(command.OutOrStdout(), text)
			return err
		}}
}
