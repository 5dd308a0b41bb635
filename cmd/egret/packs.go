package main

import (
	"fmt"
	"io"
	"strconv"

	"egret/deploy/config"
	"egret/rules/pack"

	"github.com/spf13/cobra"
)

func packsCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "packs list|show",
		Short: "Look at the ready packs of rules that a configuration may name",
		Long: `packs shows the rules that are built in. A configuration takes them with one line, packs: [gb3095-2026];
to change more than a rule or two, copy a pack into a file and name that file instead.`,
		Example: `  egret packs list
  egret packs show gb3095-2026
  egret packs show construction-site > my-site.yaml      then in egret.yaml: packs: [./my-site.yaml]`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(packsListCommand(), packsShowCommand())
	return command
}

func packsListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the packs, with their standards", Example: "  egret packs list", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return listPacks(command.OutOrStdout()) }}
}

func listPacks(to io.Writer) error {
	table := newSheet(to)
	table.row("NAME", "RULES", "FROM", "UNTIL", "TITLE")
	for _, p := range pack.List() {
		rules, err := config.PackRules(&p)
		if err != nil {
			return err
		}
		table.row(p.Name, strconv.Itoa(len(rules)), p.Standard.From, orDash(p.Standard.Until), p.Title)
	}
	return table.Flush()
}

func packsShowCommand() *cobra.Command {
	return &cobra.Command{Use: "show NAME", Short: "Print a pack, to be read or copied", Example: "  egret packs show gb3095-2026 > my-pack.yaml", Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			p, err := config.FindPack(arguments[0])
			if err != nil {
				return usageError{fmt.Errorf("%q: %w", printable(arguments[0]), err)}
			}
			_, err = fmt.Fprint(command.OutOrStdout(), p.Text)
			return err
		}}
}
