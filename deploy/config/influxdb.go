package config

import "time"

// InfluxDB says where the time series go.
type InfluxDB struct {
	URL        string // http:// or https://; empty: a database in this process
	Listen     string // host:port of the embedded database, on loopback
	Org        string
	Bucket     string
	Token      Secret        // for InfluxDB 1.8 user:password
	BatchLines int           // lines in one write
	Timeout    time.Duration // of one write
}

// Embedded says whether the database runs in this process.
func (i *InfluxDB) Embedded() bool { return i.URL == "" }

func readInfluxDB(s *section, i *InfluxDB) {
	s.address("url", &i.URL, "http://", "https://")
	take(s, "listen", &i.Listen, loopback("the database in this process has no log-in; listen on 127.0.0.1 and put a reverse proxy that authenticates before it, use an ssh tunnel, or set influxdb.url to a database of your own"))
	take(s, "org", &i.Org, oneLine)
	take(s, "bucket", &i.Bucket, notEmpty)
	s.secret("token", &i.Token)
	take(s, "batch_lines", &i.BatchLines, intWithin(1, 100_000))
	take(s, "timeout", &i.Timeout, durationWithin(time.Second, 10*time.Minute))
	s.close()
	switch {
	case s.faulty["url"]:
	case i.Embedded():
		s.needless("without url the database in this process is used, which it does not reach; remove it or add url", "token", "token_file", "org")
	default:
		s.needless("belongs to the database in this process, which url replaces; remove one of the two", "listen")
	}
}
