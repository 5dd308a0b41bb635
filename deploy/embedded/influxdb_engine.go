package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/influxdata/influxdb/coordinator"
	"github.com/influxdata/influxdb/models"
	"github.com/influxdata/influxdb/monitor"
	"github.com/influxdata/influxdb/query"
	"github.com/influxdata/influxdb/services/meta"
	"github.com/influxdata/influxdb/services/retention"
	"github.com/influxdata/influxdb/tsdb"
	_ "github.com/influxdata/influxdb/tsdb/engine" // registers tsm1
	_ "github.com/influxdata/influxdb/tsdb/index"  // registers tsi1
	"go.uber.org/zap"
)

const (
	influxVersion  = "1.8.10"
	influxDatabase = "egret"

	// A shard of 12 weeks keeps ten years of a city's readings in some forty
	// shards. The engine's default of 7 days makes over five hundred, each
	// with its own index, cache and open files.
	influxShardDuration = 12 * 7 * 24 * time.Hour

	// Each shard being written has a cache of its own. It goes to disk at 16
	// MiB, so that importing ten years of history stays below 1 GiB, and
	// refuses writes at 256 MiB, which only a disk that is far too slow meets.
	influxCacheSnapshotBytes = 16 << 20
	influxCacheMaxBytes      = 256 << 20
)

// influxEngine is the storage engine, its catalogue of databases and shards,
// and the parts that write, query and expire.
type influxEngine struct {
	catalogue *meta.Client
	store     *tsdb.Store
	points    *coordinator.PointsWriter
	queries   *query.Executor
	monitor   *monitor.Monitor
	retention *retention.Service
}

func openInfluxEngine(directory string, logger *slog.Logger) (*influxEngine, error) {
	if err := mendInfluxIndexes(directory, logger); err != nil {
		return nil, err
	}
	log := zap.New(&influxLogCore{logger: logger})
	catalogueDirectory := filepath.Join(directory, "meta")
	e := &influxEngine{
		catalogue: meta.NewClient(&meta.Config{Dir: catalogueDirectory, RetentionAutoCreate: true}),
		store:     newInfluxStore(directory),
		points:    coordinator.NewPointsWriter(),
		queries:   query.NewExecutor(),
	}
	e.points.MetaClient = e.catalogue
	e.points.TSDBStore = e.store

	// SHOW STATS and SHOW DIAGNOSTICS ask the monitor; it stores nothing.
	e.monitor = monitor.New(e, monitor.Config{})
	e.monitor.Version = influxVersion

	e.queries.StatementExecutor = &coordinator.StatementExecutor{
		MetaClient:  e.catalogue,
		TaskManager: e.queries.TaskManager,
		TSDBStore:   e.store,
		ShardMapper: &coordinator.LocalShardMapper{
			MetaClient: e.catalogue,
			TSDBStore:  coordinator.LocalTSDBStore{Store: e.store},
		},
		Monitor:      e.monitor,
		PointsWriter: e.points,
		// No MaxSelectBucketsN: with a limit, the engine miscounts the range of
		// a query that has no lower time and skips shards that belong to it.
	}

	e.retention = retention.NewService(retention.NewConfig())
	e.retention.MetaClient = e.catalogue
	e.retention.TSDBStore = e.store

	e.catalogue.WithLogger(log)
	e.store.WithLogger(log)
	e.points.WithLogger(log)
	e.queries.WithLogger(log)
	e.monitor.WithLogger(log)
	e.retention.WithLogger(log)

	if err := e.open(catalogueDirectory); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func newInfluxStore(directory string) *tsdb.Store {
	config := tsdb.NewConfig()
	config.Dir = filepath.Join(directory, "data")
	config.WALDir = filepath.Join(directory, "wal")
	config.Index = tsdb.TSI1IndexName
	config.WALFsyncDelay = 0 // a write is answered after its fsync
	config.CacheSnapshotMemorySize = influxCacheSnapshotBytes
	config.CacheMaxMemorySize = influxCacheMaxBytes
	config.MaxSeriesPerDatabase = 0
	config.MaxValuesPerTag = 0
	config.MaxConcurrentCompactions = 0 // half of the processors

	store := tsdb.NewStore(config.Dir)
	store.EngineOptions.Config = config
	store.EngineOptions.EngineVersion = config.Engine
	store.EngineOptions.IndexVersion = config.Index
	return store
}

func (e *influxEngine) open(catalogueDirectory string) error {
	// Unlike the store, the catalogue does not create its directory.
	if err := os.MkdirAll(catalogueDirectory, 0o750); err != nil {
		return fmt.Errorf("create the catalogue of databases: %w", err)
	}
	if err := openInfluxCatalogue(e.catalogue); err != nil {
		return err
	}
	if err := e.store.Open(); err != nil {
		return fmt.Errorf("open the stored series: %w", err)
	}
	if err := e.points.Open(); err != nil {
		return fmt.Errorf("open the writer: %w", err)
	}
	if err := e.monitor.Open(); err != nil {
		return fmt.Errorf("open the monitor: %w", err)
	}
	if err := e.retention.Open(); err != nil {
		return fmt.Errorf("start the retention check: %w", err)
	}
	return nil
}

// close ends the parts in the order in which they use each other, the store
// after all that reads or writes it. Parts that were never opened are fine.
func (e *influxEngine) close() error {
	return errors.Join(
		e.retention.Close(),
		e.monitor.Close(),
		e.queries.Close(),
		e.points.Close(),
		e.store.Close(),
		e.catalogue.Close(),
	)
}

// openInfluxCatalogue reads the catalogue and creates database "egret" where
// it is absent. A policy that the user has altered since is left as it is.
func openInfluxCatalogue(catalogue *meta.Client) error {
	if err := catalogue.Open(); err != nil {
		return fmt.Errorf("open the catalogue of databases: %w", err)
	}
	if catalogue.Database(influxDatabase) != nil {
		return nil
	}
	forever := time.Duration(0)
	_, err := catalogue.CreateDatabaseWithRetentionPolicy(influxDatabase, &meta.RetentionPolicySpec{
		Name:               meta.DefaultRetentionPolicyName,
		Duration:           &forever,
		ShardGroupDuration: influxShardDuration,
	})
	if err != nil {
		return fmt.Errorf("create database %s: %w", influxDatabase, err)
	}
	return nil
}

// Statistics collects the counters of all parts, as the monitor wants them.
func (e *influxEngine) Statistics(tags map[string]string) []models.Statistic {
	statistics := e.queries.Statistics(tags)
	statistics = append(statistics, e.store.Statistics(tags)...)
	return append(statistics, e.points.Statistics(tags)...)
}
