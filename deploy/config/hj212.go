package config

import (
	"time"

	"egret/ingest/reading"
)

// HJ212Listener says how stations reach Egret by HJ 212 over TCP.
type HJ212Listener struct {
	Listen         string // host:port; "": nothing listens
	CertFile       string // of TLS, with KeyFile; "": plain TCP
	KeyFile        string
	MaxConnections int
	Idle           time.Duration // after which a silent connection is closed
	Profile        string        // of stations that have none; "": the format's default
}

func readHJ212(s *section, h *HJ212Listener, c *Config) {
	take(s, "listen", &h.Listen, parseHostPort)
	s.file("cert_file", &h.CertFile)
	s.file("key_file", &h.KeyFile)
	take(s, "max_connections", &h.MaxConnections, intWithin(1, 100_000))
	take(s, "idle", &h.Idle, durationWithin(10*time.Second, 7*24*time.Hour))
	var profile *Profile
	if take(s, "profile", &profile, c.parseProfile) {
		h.Profile = profile.ID
		if profile.Format != HJ212 && profile.Format != "" {
			s.problem("profile", "%s: is of the format %s; name one of the format %s", profile.ID, profile.Format, HJ212)
		}
	}
	s.close()
	switch {
	case s.faulty["cert_file"] || s.faulty["key_file"]:
	case h.CertFile != "" && h.KeyFile == "":
		s.problem("cert_file", "stands without key_file; TLS needs both")
	case h.KeyFile != "" && h.CertFile == "":
		s.problem("key_file", "stands without cert_file; TLS needs both")
	}
	if h.Listen == "" && !s.faulty["listen"] {
		for _, key := range []string{"cert_file", "key_file", "profile"} {
			if !s.faulty[key] {
				s.needless("without listen nobody can connect; add listen, such as 127.0.0.1:9212, or remove it", key)
			}
		}
	}
}

// checkReach refuses a listener that other machines reach while anyone could speak there for a station.
func (c *Config) checkReach(s *section) {
	h := &c.HJ212
	if h.Listen == "" || s.faulty["listen"] || isLoopback(h.Listen) {
		return
	}
	written, _, _ := s.scalar("listen")
	problem := func(why string, arguments ...any) {
		s.problem("listen", "%s: can be reached from other machines, and "+why, append([]any{shown(written)}, arguments...)...)
	}
	const otherwise = "or listen on 127.0.0.1"
	if len(c.Stations) == 0 {
		problem("there is no register with the stations' passwords; list them under stations, each with hj212.password, %s", otherwise)
		return
	}
	if c.UnknownStations == Accept {
		problem("unknown_stations is accept, so anyone could send as a station of any name; set it to quarantine, %s", otherwise)
		return
	}
	first, more := "", 0
	for i := range c.Stations {
		station := &c.Stations[i]
		if c.Connections[station.ID].Password != "" || !c.speaksHJ212(station) {
			continue
		}
		if first == "" {
			first = station.ID
		} else {
			more++
		}
	}
	switch {
	case first == "":
	case more == 0:
		problem("station %s has no hj212.password; give it one, %s", shown(first), otherwise)
	default:
		problem("station %s and %d more have no hj212.password; give each station that speaks HJ 212 one, %s", shown(first), more, otherwise)
	}
}

// speaksHJ212 says whether a station may be meant to speak HJ 212: by a profile or a key, or because payloads have
// another name for it and no profile says of which format.
func (c *Config) speaksHJ212(station *reading.Station) bool {
	if c.profileOf(station, HJ212) != nil {
		return true
	}
	connection := c.Connections[station.ID]
	if connection.Key != "" || len(connection.Aliases) == 0 {
		return connection.Key != ""
	}
	for _, format := range []Format{Mapping, Number, SenML, Influx} {
		if c.profileOf(station, format) != nil {
			return false
		}
	}
	return true
}

// Admission returns which names may speak to the HJ 212 listener. One that other machines reach takes only stations
// with a password: any other could be spoken for by whoever guesses its id.
func (c *Config) Admission() func(name string) bool {
	if isLoopback(c.HJ212.Listen) {
		return func(string) bool { return true }
	}
	admitted := map[string]bool{}
	for id, connection := range c.Connections {
		if connection.Password == "" {
			continue
		}
		admitted[id] = true
		for _, name := range connection.names() {
			admitted[name] = true
		}
	}
	return func(name string) bool { return admitted[name] }
}
