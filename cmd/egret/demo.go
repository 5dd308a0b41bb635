package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"egret/deploy/config"
	"egret/deploy/simulate"
	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/delivery"
	"egret/rules/rule"
	"egret/rules/window"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

const (
	// demoSpeed makes a simulated minute last half a second, so that ten-minute averages move while one looks.
	demoSpeed = 120
	// demoHistory is where the simulated clock starts; three minutes later it has reached the present and goes on in real time.
	demoHistory = 6 * time.Hour
	// The episode comes after the first averages are complete and is over soon enough to see it resolved.
	demoEpisodeAfter  = 10 * time.Minute
	demoEpisodeLength = 24 * time.Minute
	demoStatusEvery   = 2 * time.Second
)

func demoCommand() *cobra.Command {
	var directory string
	command := &cobra.Command{
		Use:   "demo",
		Short: "Run everything in one process, with simulated stations",
		Long: `demo starts the service with its broker and database in this process, and twelve simulated stations of
Wuxi, Nantong, Anyang and Shizuishan that publish over real MQTT, two simulated minutes a second. Within half a
minute averages move, a breach fires and is resolved. Ports that are taken are replaced by free ones. The data
goes to a temporary directory that is removed at the end. Ctrl-C ends it.`,
		Example: `  egret demo
  egret demo --data ./demo-data      keep the data`,
		Args: cobra.NoArgs,
	}
	command.Flags().StringVar(&directory, "data", "", "keep the data in this directory")
	command.RunE = func(command *cobra.Command, _ []string) (err error) {
		if directory == "" {
			if directory, err = os.MkdirTemp("", "egret-demo-"); err != nil {
				return unreachableError{fmt.Errorf("make a directory for the demo: %w; name one with --data", err)}
			}
			defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
		}
		return demo(command.Context(), directory, command.OutOrStdout(), command.ErrOrStderr())
	}
	return command
}

func demo(ctx context.Context, directory string, out, problems io.Writer) error {
	screen := &screen{out: out, zone: config.Default().Zone}
	log := slog.New(slog.NewTextHandler(problems, &slog.HandlerOptions{Level: slog.LevelError}))
	s, err := startService(demoConfig(directory), "egret demo", []delivery.Channel{screen}, log)
	if err != nil {
		return err
	}
	screen.welcome(s)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.Run(ctx) })
	group.Go(func() error { return simulateStations(ctx, s) })
	group.Go(func() error { return screen.follow(ctx, s) })
	err = group.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
		fmt.Fprintln(out, "\nThe demo has ended. To keep readings of your own: egret serve")
	}
	return errors.Join(err, s.Close())
}

// demoConfig is what serve uses without a file, with the simulated stations and rules that suit them.
func demoConfig(directory string) *config.Config {
	c := config.Default()
	c.Data = directory
	c.Stations = simulate.Network()
	c.UnknownStations = config.Accept // so that a reading published by hand shows up
	c.Broker.Listen = freeAddress(c.Broker.Listen)
	c.InfluxDB.Listen = freeAddress(c.InfluxDB.Listen)
	c.HTTP.Listen = freeAddress(c.HTTP.Listen)
	c.Journal.DiskReserve = 64 << 20
	number := func(whole int) *reading.Fixed {
		f := reading.Fixed(whole) * reading.FixedOne
		return &f
	}
	// These limits are for show; the limits of the standards come with the rule packs.
	c.Rules = []rule.Rule{
		{ID: "pm25-10m", Parameter: "pm25", Statistic: rule.Mean, Window: 10 * time.Minute, Above: number(115), Clear: number(100), MinCoverage: rule.DefaultMinCoverage, Severity: rule.Warning},
		{ID: "leq-10m", Parameter: "leq", Statistic: rule.Mean, Window: 10 * time.Minute, Above: number(80), MinCoverage: rule.DefaultMinCoverage, Severity: rule.Warning},
		{ID: "do-low", Parameter: "do", Statistic: rule.Min, Window: 30 * time.Minute, Below: number(2), MinCoverage: rule.DefaultMinCoverage, Severity: rule.Warning},
		{ID: "silent", Missing: 30 * time.Minute, Severity: rule.Info},
	}
	return c
}

// freeAddress returns the address, or one with a free port if it is taken.
func freeAddress(address string) string {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		host, _, _ := net.SplitHostPort(address)
		return net.JoinHostPort(host, "0")
	}
	_ = listener.Close() // only looked whether it is free
	return address
}

func simulateStations(ctx context.Context, s *service) error {
	if err := s.admitted(ctx); err != nil {
		return err
	}
	now := time.Now()
	start := now.Add(-demoHistory).Truncate(time.Minute)
	_, err := simulate.Run(ctx, simulate.Config{Broker: s.brokerURL(), Clients: 4, QoS: 1, Source: &simulate.Demo{
		Model:    &simulate.Model{Seed: 1, Episodes: []simulate.Episode{simulate.Breach(start.Add(demoEpisodeAfter), demoEpisodeLength)}},
		Stations: s.config.Stations, Start: start, Begin: now, Speed: demoSpeed,
	}})
	return err
}

// screen shows the demo in a terminal. It is one of the channels through which alerts leave.
type screen struct {
	out  io.Writer
	zone *time.Location
}

// Name implements [delivery.Channel].
func (c *screen) Name() string { return "terminal" }

// Deliver implements [delivery.Channel].
func (c *screen) Deliver(_ context.Context, payload []byte) (retry bool, err error) {
	var a alert.Alert
	if err := json.Unmarshal(payload, &a); err != nil {
		return false, fmt.Errorf("show the alert: %w", err)
	}
	_, err = fmt.Fprintf(c.out, "  %s  ALERT %-8s  %s\n", a.At.In(c.zone).Format("15:04"), strings.ToUpper(a.State), a.Message)
	return true, err
}

func (c *screen) welcome(s *service) {
	fmt.Fprintf(c.out, `Egret 白鹭 demo: %d simulated stations, two of their minutes a second. Ctrl-C ends it.

  look      %s/
  try       mosquitto_pub -p %s -q 1 -t stations/my-station/readings -m '{"values":{"pm25":35.2}}'
            curl %s/api/v1/stations/my-station/latest
  listen    mosquitto_sub -p %s -t 'alerts/#' -v
  query     curl -G %s/query --data-urlencode db=egret --data-urlencode 'q=SELECT last(value) FROM averages GROUP BY station, parameter'

`, len(s.config.Stations), s.httpURL(), port(s.brokerURL()), s.httpURL(), port(s.brokerURL()), s.databaseURL())
}

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// follow prints a line every two seconds: the simulated time, the average that the episode moves, and the counts.
func (c *screen) follow(ctx context.Context, s *service) error {
	ticker := time.NewTicker(demoStatusEvery)
	defer ticker.Stop()
	polluted := simulate.Breach(time.Time{}, 0).Station
	watched := s.config.Rules[0]
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		means, err := s.rules.Rolling(polluted)
		if err != nil {
			return err
		}
		for _, m := range means {
			if m.Parameter != watched.Parameter || !m.Valid {
				continue
			}
			l := s.ledger()
			fmt.Fprintf(c.out, "  %s  %s %s, mean of %s %6.1f  %s  %d messages, %d values in InfluxDB\n",
				time.Unix(0, m.At).In(c.zone).Format("15:04"), polluted, m.Parameter, window.Name(m.Window), m.Mean.Float(),
				bar(m.Mean.Float(), watched.Above.Float()), l.Messages.Received, l.Values.Stored)
		}
	}
}

// bar draws a value against its limit, which stands at two thirds of its length.
func bar(value, limit float64) string {
	const length, mark = 30, 20
	filled := min(max(int(value/limit*mark), 0), length)
	line := []rune(strings.Repeat("█", filled) + strings.Repeat("·", length-filled))
	line[mark-1] = '|'
	return string(line)
}
