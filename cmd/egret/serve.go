package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"egret/deploy/config"

	"github.com/spf13/cobra"
)

// configName is what a configuration is called as a rule.
const configName = "egret.yaml"

func serveCommand() *cobra.Command {
	var file string
	command := &cobra.Command{
		Use:   "serve [-c egret.yaml]",
		Short: "Run the service",
		Long: `serve takes readings from MQTT, keeps them in InfluxDB and holds rolling averages against their limits.
Without a file it starts a broker on 127.0.0.1:1883 and a database on 127.0.0.1:8086, answers on
http://127.0.0.1:8080 and keeps its data in ./egret-data. It ends cleanly on Ctrl-C or SIGTERM.`,
		Example: `  egret serve
  egret check -c egret.yaml && egret serve -c egret.yaml
  mosquitto_pub -q 1 -t stations/wx-air-1/readings -m '{"values":{"pm25":35.2}}'`,
		Args: cobra.NoArgs,
	}
	command.Flags().StringVarP(&file, "config", "c", "", "the configuration file")
	command.RunE = func(command *cobra.Command, _ []string) error {
		c, err := loadConfig(file)
		if err != nil {
			return err
		}
		log := newLog(c.Log, command.ErrOrStderr())
		if _, err := os.Stat(configName); file == "" && err == nil {
			log.Warn("the egret.yaml in this directory is not used: name it with -c egret.yaml")
		}
		return serve(command.Context(), c, log)
	}
	return command
}

func serve(ctx context.Context, c *config.Config, log *slog.Logger) error {
	s, err := startService(c, "egret serve", nil, log)
	if err != nil {
		return err
	}
	log.Info("ready to connect", "mqtt", s.brokerURL(), "influxdb", s.databaseURL(), "http", s.httpURL(), "data", c.Data)
	if s.loggers != nil {
		log.Info("ready for HJ 212 data loggers", "tcp", s.loggersListener.Addr().String())
	}
	err = s.Run(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	err = errors.Join(err, s.Close())
	if err == nil {
		log.Info("stopped; nothing acknowledged is lost")
	}
	return err
}

func newLog(l config.Log, to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.Level}
	if l.Format == config.LogJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// listenHint says what to do about an address that cannot be listened on.
func listenHint(what, key string, err error) error {
	return unreachableError{fmt.Errorf("%s: %w; stop the process that uses it, or name another address under %s", what, err, key)}
}
