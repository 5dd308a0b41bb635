package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"egret/deploy/simulate"

	"github.com/spf13/cobra"
)

func simulateCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "simulate",
		Short: "Publish simulated stations, or a measured load, to a broker",
		Long: `simulate publishes over MQTT as real stations would. Without --messages twelve stations send a reading set
every simulated minute until Ctrl-C. With --messages it sends that many numbered messages, as fast as they are
acknowledged or at --rate, and then says how many were sent and acknowledged. With --hj212 they are HJ 212 frames of as
many data loggers as there are --clients, over TCP.`,
		Example: `  egret simulate --speed 60
  egret simulate --broker tcp://127.0.0.1:1883 --messages 200000 --stations 1000 --clients 10 --values 8
  egret simulate --messages 60000 --rate 1000
  egret simulate --format hj212
  egret simulate --hj212 127.0.0.1:9212 --messages 10000 --stations 100 --clients 100`,
		Args: cobra.NoArgs,
	}
	flags := command.Flags()
	var c simulate.Config
	flags.StringVar(&c.Broker, "broker", "tcp://127.0.0.1:1883", "the broker's address")
	flags.StringVar(&c.User, "user", "", "user at the broker")
	flags.StringVar(&c.Password, "password", "", "password at the broker")
	flags.StringVar(&c.ClientID, "client-id", simulate.DefaultClientID, "prefix of the client ids")
	flags.IntVar(&c.Clients, "clients", 1, "connections")
	flags.IntVar(&c.Window, "window", simulate.DefaultWindow, "unacknowledged messages per connection")
	flags.Uint8Var(&c.QoS, "qos", 1, "quality of service: 0 or 1")
	address := flags.String("hj212", "", "with --messages: send HJ 212 frames over TCP to this host:port instead, and wait for each 9014")
	format := flags.String("format", "json", "format of the payloads: json, senml or hj212")
	seed := flags.Uint64("seed", 1, "seed of the simulated weather")
	speed := flags.Float64("speed", 60, "simulated seconds in one second, until the present is reached")
	history := flags.Duration("history", time.Hour, "how long ago the simulated clock starts")
	messages := flags.Int("messages", 0, "send this many numbered messages and stop")
	stations := flags.Int("stations", 100, "with --messages: how many stations send")
	values := flags.Int("values", 8, "with --messages: values in each")
	interval := flags.Duration("interval", time.Second, "with --messages: time between two readings of a station")
	start := flags.String("start", "", "with --messages: time of the first reading, RFC 3339 (default: so that the last is now)")
	rate := flags.Float64("rate", 0, "with --messages: messages a second (0: as fast as they go)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		written, err := simulate.ParseFormat(*format)
		if err != nil {
			return usageError{err}
		}
		now := time.Now()
		if *stations < 1 {
			return usageError{fmt.Errorf("%d stations: at least one must send", *stations)}
		}
		if *messages > 0 {
			load := &simulate.Load{Messages: *messages, Stations: *stations, Values: *values, Interval: *interval, Begin: now, Rate: *rate, Format: written}
			load.Start = now.Add(-time.Duration(*messages / *stations) * *interval).Truncate(time.Second)
			if *start != "" {
				first, err := time.Parse(time.RFC3339, *start)
				if err != nil {
					return usageError{fmt.Errorf("start %q is not RFC 3339, such as 2026-11-21T10:00:00+08:00", *start)}
				}
				load.Start = first
			}
			c.Source = load
			if *address != "" {
				return simulateLoggers(command, load, *address, c.Clients)
			}
		} else if *address != "" {
			return usageError{errors.New("--hj212 sends a load: say how much with --messages")}
		} else {
			c.Source = &simulate.Demo{Model: &simulate.Model{Seed: *seed}, Stations: simulate.Network(), Start: now.Add(-*history), Begin: now, Speed: *speed, Format: written}
		}
		shown := time.Now()
		c.Progress = func(r simulate.Report) {
			if time.Since(shown) > 5*time.Second {
				shown = time.Now()
				fmt.Fprintf(command.ErrOrStderr(), "%d sent, %d acknowledged\n", r.Sent, r.Acknowledged)
			}
		}
		report, err := simulate.Run(command.Context(), c)
		return printReport(command.OutOrStdout(), report, err)
	}
	return command
}

// simulateLoggers sends a load as HJ 212 frames over TCP, from data loggers that wait for their answers.
func simulateLoggers(command *cobra.Command, load *simulate.Load, address string, loggers int) error {
	report, err := simulate.RunHJ212(command.Context(), simulate.HJ212Config{
		Address: address, Loggers: loggers, Source: &simulate.HJ212Load{Load: load, Password: "123456", Flag: 5},
	})
	return printReport(command.OutOrStdout(), report.Report, err)
}

func printReport(to io.Writer, report simulate.Report, err error) error {
	if errors.As(err, new(simulate.ConfigError)) {
		return usageError{err}
	}
	fmt.Fprintf(to, "%d messages sent, %d acknowledged, %d connections lost, %.1f s, %.0f messages/s\n",
		report.Sent, report.Acknowledged, report.Lost, report.Elapsed.Seconds(), float64(report.Acknowledged)/max(report.Elapsed.Seconds(), 0.001))
	if err != nil {
		return unreachableError{err}
	}
	return nil
}
