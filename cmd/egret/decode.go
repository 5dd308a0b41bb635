package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"egret/deploy/config"
	"egret/ingest/intake"
	"egret/ingest/subscription"

	"github.com/spf13/cobra"
)

// decodeOptions are the flags of `egret decode`.
type decodeOptions struct {
	config, format, profile, station, parameter, topic, received string
	hex, json                                                    bool
}

func decodeCommand() *cobra.Command {
	var o decodeOptions
	command := &cobra.Command{
		Use:   "decode --format hj212 [--profile NAME] FILE|-",
		Short: "Say what a payload becomes, and why something in it was refused",
		Long: `decode reads what a station sent, from a file or from standard input, as serve would read it, and prints each
value with the parameter, unit and flag it becomes, and what of it would be refused, with the reason. Nothing is stored.
Formats are json, hj212, senml, influx, mapping and number; a profile says how a station writes, and names its format.
With -c the profiles and stations of a configuration hold: --topic chooses what its subscription says. Without it the first
subscription of the format does, and hj212 is read as the TCP listener reads it, where there is one. It exits with 1 if
anything is refused.`,
		Example: `  egret decode --format hj212 frame.txt
  mosquitto_sub -t 'application/+/device/+/event/up' -C 1 | egret decode --profile chirpstack -
  od -An -v -tx1 capture.bin | egret decode --format hj212 --hex -c egret.yaml -
  egret decode -c egret.yaml --topic stations/wx-air-1/readings message.json`,
		Args: cobra.ExactArgs(1),
	}
	flags := command.Flags()
	flags.StringVarP(&o.config, "config", "c", "", "take profiles, stations and limits from this configuration")
	flags.StringVar(&o.format, "format", "", "the payload's format")
	flags.StringVar(&o.profile, "profile", "", "how the station writes: a built-in profile, or one of the configuration")
	flags.StringVar(&o.station, "station", "", "the station whose payload it is, where the payload does not say")
	flags.StringVar(&o.parameter, "parameter", "", "the parameter of a bare number")
	flags.StringVar(&o.topic, "topic", "", "the topic it came on: the subscription that takes it says the rest")
	flags.StringVar(&o.received, "received", "", "when it came in, RFC 3339 (default: now)")
	flags.BoolVar(&o.hex, "hex", false, "the input is hexadecimal digits, as of a capture")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		content, err := readPayload(arguments[0], o.hex, command.InOrStdin())
		if err != nil {
			return err
		}
		c, m, err := o.message(content)
		if err != nil {
			return err
		}
		d := decode(c, m)
		if o.json {
			err = printJSON(command.OutOrStdout(), d)
		} else {
			err = d.print(command.OutOrStdout(), c.Zone)
		}
		if err == nil && len(d.Refused) > 0 {
			err = fmt.Errorf("refused: %s", count(len(d.Refused), "reason"))
		}
		return err
	}
	return command
}

// readPayload returns what a file or standard input holds.
func readPayload(name string, digits bool, stdin io.Reader) ([]byte, error) {
	content, err := []byte(nil), error(nil)
	if name == "-" {
		content, err = io.ReadAll(stdin)
	} else {
		content, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the payload: %w", err)
	}
	if !digits {
		return content, nil
	}
	content, err = hex.DecodeString(strings.Join(strings.Fields(string(content)), ""))
	if err != nil {
		return nil, fmt.Errorf("read the payload: --hex wants pairs of hexadecimal digits: %w", err)
	}
	return content, nil
}

// message returns the payload as a transport would hand it over, and the configuration under which it is read.
func (o *decodeOptions) message(content []byte) (*config.Config, *intake.Message, error) {
	c, err := loadConfig(o.config)
	if err != nil {
		return nil, nil, err
	}
	m := &intake.Message{Source: o.topic, Payload: content, Size: len(content), Received: time.Now().UnixNano()}
	if o.received != "" {
		received, err := time.Parse(time.RFC3339, o.received)
		if err != nil {
			return nil, nil, usageError{fmt.Errorf("--received %q is not RFC 3339, such as 2026-11-21T10:00:00+08:00", o.received)}
		}
		m.Received = received.UnixNano()
	}
	if o.topic != "" {
		if o.format != "" || o.profile != "" {
			return nil, nil, usageError{errors.New("--topic chooses format and profile by its subscription: leave out --format and --profile")}
		}
		topics, err := templates(c)
		if err != nil {
			return nil, nil, err
		}
		subscription.Route(topics, m)
		return c, m, nil
	}
	s := config.Subscription{Format: config.Format(o.format), Profile: o.profile}
	if o.profile != "" {
		p, ok := c.Profile(o.profile)
		if !ok {
			return nil, nil, usageError{fmt.Errorf("profile %q is not known: use one of %s, or name the configuration that has it with -c", o.profile, strings.Join(c.ProfileNames(), " "))}
		}
		if o.format != "" && s.Format != p.Format {
			return nil, nil, usageError{fmt.Errorf("profile %s is of format %s, not %s: leave out --format", o.profile, p.Format, o.format)}
		}
		s.Format = p.Format
	}
	if s.Format == "" {
		return nil, nil, usageError{errors.New("say how to read it: --format json, hj212, senml, influx or number, --profile NAME, or -c FILE --topic TOPIC")}
	}
	of := slices.IndexFunc(c.Subscriptions, func(own config.Subscription) bool { return own.Format == s.Format })
	switch m.Decode = c.Decoder(&s); {
	case s.Profile != "":
	case s.Format == config.HJ212 && c.HJ212.Listen != "":
		m.Decode = frameDecoder(c) // as the listener reads them
	case of >= 0:
		m.Decode, m.Flags = c.Decoder(&c.Subscriptions[of]), c.Subscriptions[of].Flags
	}
	if m.Decode == nil {
		return nil, nil, usageError{fmt.Errorf("format %q is not known: use json, hj212, senml, influx, mapping or number", o.format)}
	}
	m.Format, m.Station, m.Unnamed, m.Parameter = string(s.Format), o.station, o.station == "", o.parameter
	return c, m, nil
}
