package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

const (
	// influxShutdownPatience is how long Close waits for writes under way. A
	// batch of 5,000 lines takes a tenth of a second; ten seconds also cover a
	// disk that is busy with a compaction.
	influxShutdownPatience = 10 * time.Second

	// influxLockFile keeps a second process out of the directory: the engine
	// itself has no lock, and two engines on one directory destroy it.
	influxLockFile = "LOCK"
)

// InfluxDBConfig says where the embedded database lives and listens.
type InfluxDBConfig struct {
	// Directory holds everything the database keeps. It is created if absent.
	Directory string
	// Listen is host:port; port 0 takes a free one (see InfluxDB.URL). There
	// are no passwords, so the host should be a loopback address.
	Listen string
	// Logger receives the engine's warnings and errors; nil is slog.Default().
	Logger *slog.Logger
}

// InfluxDB is InfluxDB's own 1.8.10 storage and query engine running inside
// this process, reached over HTTP like a server of its own.
type InfluxDB struct {
	logger  *slog.Logger
	url     string
	lock    io.Closer
	engine  *influxEngine
	server  *http.Server
	serving sync.WaitGroup
	close   func() error
}

// StartInfluxDB opens the database in cfg.Directory, creating database
// "egret" on the first start, and serves it on cfg.Listen. Everything that a
// write was answered 204 for is there again after Close or a killed process.
//
// The error says whether the directory or the address is the trouble, and
// what to do.
func StartInfluxDB(cfg InfluxDBConfig) (*InfluxDB, error) {
	logger := cfg.Logger
	if logger == nil {
		logger = slog.Default()
	}

	if err := os.MkdirAll(cfg.Directory, 0o750); err != nil {
		return nil, influxDirectoryError(cfg.Directory, err)
	}
	lock, err := vfs.Default.Lock(filepath.Join(cfg.Directory, influxLockFile))
	if err != nil {
		return nil, influxDirectoryError(cfg.Directory, err)
	}

	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, errors.Join(influxListenError(cfg.Listen, err), lock.Close())
	}
	address := listener.Addr().(*net.TCPAddr)
	if !address.IP.IsLoopback() {
		logger.Warn("embedded InfluxDB has no passwords and listens beyond this machine: whoever reaches it can read and erase it",
			"listen", address.String())
	}

	engine, err := openInfluxEngine(cfg.Directory, logger)
	if err != nil {
		return nil, errors.Join(
			fmt.Errorf("open embedded InfluxDB in %s: %w", cfg.Directory, err),
			listener.Close(), lock.Close())
	}

	db := &InfluxDB{
		logger: logger,
		url:    influxURL(address),
		lock:   lock,
		engine: engine,
		server: newInfluxServer(engine, logger),
	}
	new(influxSilent).watch(db.server)
	db.close = sync.OnceValue(db.shutdown)
	db.serving.Go(func() {
		if err := db.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("embedded InfluxDB stopped answering", "listen", address.String(), "error", err)
		}
	})
	return db, nil
}

// URL is where the database answers, for example http://127.0.0.1:8086.
func (db *InfluxDB) URL() string { return db.url }

// Close refuses new requests, stops running queries, lets writes under way
// finish, and closes the database. Closing twice is harmless.
func (db *InfluxDB) Close() error { return db.close() }

func (db *InfluxDB) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), influxShutdownPatience)
	defer cancel()

	// The listener goes first, so that nothing new comes in; then the queries
	// (RegisterOnShutdown), which might otherwise run for minutes; the store
	// last, when no request can be using it any more.
	err := db.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("wait for requests to embedded InfluxDB: %w", err), db.server.Close())
	}
	db.serving.Wait()
	return errors.Join(err, db.engine.close(), db.lock.Close())
}

func influxURL(address *net.TCPAddr) string {
	if address.IP.IsUnspecified() {
		// "every address" is not one that a client can be told to call.
		return fmt.Sprintf("http://127.0.0.1:%d", address.Port)
	}
	return "http://" + address.String()
}

func influxDirectoryError(directory string, err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		return fmt.Errorf("create the embedded InfluxDB's directory %s: %w; make it writable for the user that runs this program, or name another directory",
			directory, err)
	}
	return fmt.Errorf("lock the embedded InfluxDB's directory %s: %w; it is in use: stop the other process, or name another directory",
		directory, err)
}

func influxListenError(listen string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("embedded InfluxDB cannot listen on %s, the port is taken: %w; name another address in the configuration under influxdb.listen, or stop the process that holds it",
			listen, err)
	}
	return fmt.Errorf("embedded InfluxDB cannot listen on %q: %w; give an address of this machine in the configuration under influxdb.listen, for example 127.0.0.1:8086",
		listen, err)
}
