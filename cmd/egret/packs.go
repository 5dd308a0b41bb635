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
		Short: "Look at the ready rules and plans that a configuration may name",
		Long: `packs shows the packs of rules and the cities' plans that are built in. A configuration takes them with one line each,
packs: [gb3095-2026] and plans: [wuxi-2018]; to change more than a rule or two, or a target, copy a pack into a file and
name that file instead.`,
		Example: `  egret packs list
  egret packs show gb3095-2026
  egret packs show construction-site > my-site.yaml      then in egret.yaml: packs: [./my-site.yaml]
  egret packs show city-2026 > my-plan.yaml              then in egret.yaml: plans: [./my-plan.yaml]`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(packsListCommand(), packsShowCommand())
	return command
}

func packsListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the packs, with what they hold and for when", Example: "  egret packs list", Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return listPacks(command.OutOrStdout()) }}
}

func listPacks(to io.Writer) error {
	table := newSheet(to)
	table.row("NAME", "KIND", "RULES", "TARGETS", "DUTIES", "FROM", "UNTIL", "TITLE")
	for _, p := range config.Packs() {
		row := rulesRow
		if p.Kind == config.PlanPack {
			row = planRow
		}
		cells, err := row(&p)
		if err != nil {
			return err
		}
		table.row(append([]string{p.Name, string(p.Kind)}, cells...)...)
	}
	return table.Flush()
}

// rulesRow returns how many rules a pack holds, when its standard is in force and what it is called.
func rulesRow(p *config.Pack) ([]string, error) {
	known, _ := pack.Find(p.Name)
	rules, err := config.PackRules(&known)
	return []string{strconv.Itoa(len(rules)), "-", "-", known.Standard.From, orDash(known.Standard.Until), known.Title}, err
}

// planRow returns what a plan holds, the days that it is for and what it is called.
func planRow(p *config.Pack) ([]string, error) {
	its, err := config.PackPlan(p)
	return []string{"-", strconv.Itoa(len(its.Targets)), strconv.Itoa(len(its.Duties)), its.Period.From.String(), its.Period.Until.String(), its.Title}, err
}

func packsShowCommand() *cobra.Command {
	return &cobra.Command{Use: "show NAME", Short: "Print a pack of rules or a plan, to be read or copied", Example: "  egret packs show gb3095-2026 > my-pack.yaml\n  egret packs show wuxi-2018", Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			p, err := config.FindPack(arguments[0])
			if err != nil {
				return usageError{fmt.Errorf("%q: %w", printable(arguments[0]), err)}
			}
			_, err = fmt.Fprint(command.OutOrStdout(), p.Text)
			return err
		}}
}
