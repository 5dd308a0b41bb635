package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync/atomic"
	"time"

	"egret/dashboards/api"
	"egret/deploy/config"
	"egret/deploy/embedded"
	"egret/ingest/hj212"
	"egret/ingest/influx"
	"egret/ingest/intake"
	"egret/ingest/journal"
	"egret/ingest/ledger"
	"egret/ingest/reading"
	"egret/ingest/subscription"
	"egret/rules/delivery"
	"egret/rules/engine"
	"egret/rules/outbox"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// databaseChannel is the outbox queue of lines for the database: averages and alerts.
const databaseChannel = "influxdb"

// service is a running Egret, its parts in the order in which a reading passes them.
type service struct {
	config   *config.Config
	log      *slog.Logger
	registry *prometheus.Registry

	listener     net.Listener
	records      *records
	database     *embedded.InfluxDB // nil where an InfluxDB is configured
	broker       *embedded.Broker   // nil where a broker is configured
	target       *influx.Database
	writer       *influx.Writer
	derived      *influx.Writer
	outbox       *outbox.Outbox
	rules        *engine.Engine
	channels     []delivery.Channel
	alerts       *delivery.MQTT // nil where alerts do not go to MQTT
	intake       *intake.Intake
	subscription *subscription.Subscription
	loggers      *hj212.Server // nil where nothing listens for HJ 212 over TCP
	awaited      atomic.Int32  // Egret's own clients that are not connected yet
	admission    chan struct{} // closed when all of them are, and stations may come

	loggersListener net.Listener // nil as loggers is
}

// startService opens all parts; nothing is taken before Run. The caller closes the service, also after an error of Run.
// extra are channels for alerts beside the configured ones.
func startService(c *config.Config, command string, extra []delivery.Channel, log *slog.Logger) (started *service, err error) {
	s := &service{config: c, log: log, registry: newRegistry(), admission: make(chan struct{})}
	s.awaited.Store(1)
	if c.Delivery.MQTT {
		s.awaited.Add(1)
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.records, err = openRecords(c, command, log); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", c.HTTP.Listen); err != nil {
		return nil, listenHint("answer over HTTP", "http.listen", err)
	}
	if err = s.startEmbedded(); err != nil {
		return nil, unreachableError{err}
	}
	if err = s.openRules(extra); err != nil {
		return nil, err
	}
	s.openWriters()
	if err = s.openIntake(); err != nil {
		return nil, err
	}
	if err = s.openLoggers(); err != nil {
		return nil, err
	}
	s.describeState()
	return s, s.records.lock.Announce(s.httpURL())
}

func (s *service) startEmbedded() (err error) {
	c := s.config
	if c.InfluxDB.Embedded() {
		s.database, err = embedded.StartInfluxDB(embedded.InfluxDBConfig{Directory: filepath.Join(c.Data, "influxdb"), Listen: c.InfluxDB.Listen, Logger: s.log})
		if err != nil {
			return err
		}
	}
	if c.Broker.Embedded() {
		s.broker, err = embedded.StartBroker(embedded.BrokerConfig{Directory: filepath.Join(c.Data, "broker"), Listen: c.Broker.Listen, MaxBytes: c.Broker.MaxBytes, Logger: s.log})
	}
	return err
}

func (s *service) openRules(extra []delivery.Channel) (err error) {
	c := s.config
	s.channels = append([]delivery.Channel{delivery.NewLog("log", s.log)}, extra...)
	if c.Delivery.MQTT {
		if s.alerts, err = s.openAlerts(); err != nil {
			return err
		}
		s.channels = append(s.channels, s.alerts)
	}
	for _, w := range c.Delivery.Webhooks {
		channel, err := delivery.NewWebhook("webhook-"+w.Name, string(w.URL), string(w.Token))
		if err != nil {
			return fmt.Errorf("delivery.webhooks %s: %w", w.Name, err)
		}
		s.channels = append(s.channels, channel)
	}
	names := make([]string, len(s.channels))
	for i, channel := range s.channels {
		names[i] = channel.Name()
	}
	if s.outbox, err = outbox.Open(s.records.db, append([]string{databaseChannel}, names...)); err != nil {
		return err
	}
	s.rules, err = engine.Open(s.records.db, s.outbox, engine.Config{
		Stations: c.Stations, Parameters: c.Parameters, Rules: c.Rules, Plans: c.Plans, Channels: names, DatabaseChannel: databaseChannel, Horizon: c.Limits.Horizon,
		Zone: c.Zone, Practice: c.Practice,
	})
	return err
}

func (s *service) openWriters() {
	c := s.config.InfluxDB
	s.target = influx.NewDatabase(influx.Config{URL: s.databaseURL(), Org: c.Org, Bucket: c.Bucket, Token: string(c.Token), Timeout: c.Timeout})
	metrics := influx.NewMetrics(s.registry)
	s.writer = influx.NewWriter(s.target, s.records.written, c.BatchLines, metrics, s.log)
	s.derived = influx.NewWriter(s.target, &derivedSource{outbox: s.outbox, records: s.records}, c.BatchLines, metrics, s.log)
}

func (s *service) openIntake() error {
	c := s.config
	s.intake = intake.New(s.records.journal, s.records.quarantine, s.records.checker(), s.records.limits(), s.room, intake.NewMetrics(s.registry), s.log)
	security, err := s.tls()
	if err != nil {
		return err
	}
	user, password := s.brokerAccount()
	s.subscription = subscription.New(subscription.Config{
		URL: s.brokerURL(), ClientID: c.Broker.ClientID, User: user, Password: password, TLS: security, Templates: s.records.templates,
		Everything: s.broker != nil, Own: alertTopics, Subscribed: s.connected(),
	}, s.offer(func() bool { return s.loggers == nil || s.loggers.Problem() == nil }), subscription.NewMetrics(s.registry), s.log)
	return nil
}

// offer returns how a transport hands messages to the intake. Those that come while the other transport is closed say so:
// the clock runs on with them, and stations that come the other way must not be missed.
func (s *service) offer(otherListens func() bool) func(context.Context, intake.Message) error {
	return func(ctx context.Context, m intake.Message) error {
		if !otherListens() {
			m.Transport |= reading.Deaf
		}
		return s.intake.Offer(ctx, m)
	}
}

// connected returns a function for one of Egret's own clients to call when it is connected. The embedded broker lets
// stations in only after the last of them: before there is a session, it would acknowledge their messages and drop them.
func (s *service) connected() func() {
	var once atomic.Bool
	return func() {
		if !once.CompareAndSwap(false, true) || s.awaited.Add(-1) > 0 {
			return
		}
		if s.broker != nil {
			s.broker.Admit()
		}
		close(s.admission)
	}
}

// admitted waits until stations may come.
func (s *service) admitted(ctx context.Context) error {
	select {
	case <-s.admission:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run takes, stores and judges readings until ctx ends or a part fails. Whatever it is doing can be cut off at any
// moment: what is acknowledged is on disk.
func (s *service) Run(ctx context.Context) error {
	c, r := s.config, s.records
	if err := intake.JournalRegister(ctx, r.db, r.journal, c.Stations, time.Now().UnixNano(), s.log); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	start := func(part string, run func(context.Context) error) {
		group.Go(func() error {
			if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				return fmt.Errorf("%s: %w", part, err)
			}
			return ctx.Err()
		})
	}
	start("rules", func(ctx context.Context) error { return engine.Run(ctx, r.journal, s.rules) })
	start("writer to InfluxDB", s.writer.Run)
	start("writer of averages to InfluxDB", s.derived.Run)
	sent := delivery.NewMetrics(s.registry)
	for _, channel := range s.channels {
		start("delivery by "+channel.Name(), func(ctx context.Context) error {
			return delivery.Run(ctx, s.outbox, channel, sent, s.log, rand.Float64)
		})
	}
	start("clock", func(ctx context.Context) error {
		return journal.Tick(ctx, r.journal, c.Journal.Tick, s.listening, s.log)
	})
	start("trimming of the journal", func(ctx context.Context) error {
		return journal.Trim(ctx, r.journal, c.Limits.Horizon, c.Journal.MaxBytes, s.readers)
	})
	if s.broker != nil {
		start("disk", s.holdStationsBack)
	}
	start("intake", s.intake.Run)
	start("subscription", s.subscription.Run)
	if s.loggers != nil {
		start("HJ 212", s.loggers.Run)
	}
	start("HTTP", func(ctx context.Context) error { return api.Serve(ctx, s.listener, s.handler().Routes()) })
	return group.Wait()
}

func (s *service) readers() []reading.Position {
	return []reading.Position{s.records.written.Written().Position, s.rules.Position()}
}

func (s *service) handler() *api.Handler {
	return &api.Handler{
		Rules: s.rules, Quarantine: s.records.quarantine, Retry: s.retry, Drop: s.records.drop,
		Imports: s.importer(), Averages: s.waitingAverages, Ledger: s.ledger, Ready: s.problems, Metrics: s.registry, Log: s.log,
	}
}

func (s *service) ledger() ledger.Ledger {
	seen, counts := s.rules.Progress()
	return s.records.balance(rulesLedger(seen, counts))
}

// Close closes the parts against the way of a reading: first what brings readings in, last what they are kept in.
func (s *service) Close() error {
	var errs []error
	for _, listener := range []net.Listener{s.listener, s.loggersListener} {
		if listener != nil {
			_ = listener.Close() // closed by Run as a rule
		}
	}
	if s.alerts != nil {
		s.alerts.Close()
	}
	if s.broker != nil {
		errs = append(errs, s.broker.Close())
	}
	if s.target != nil {
		s.target.Close()
	}
	if s.database != nil {
		errs = append(errs, s.database.Close())
	}
	if s.records != nil {
		errs = append(errs, s.records.Close())
	}
	return errors.Join(errs...)
}
