package config

import (
	"errors"
	"net/url"
	"strings"
)

// Broker says which MQTT broker Egret subscribes to.
type Broker struct {
	URL      string // tcp://, ssl://, ws:// or wss://; empty: a broker in this process
	ClientID string // names the session in which the broker keeps what is not acknowledged
	User     string
	Password Secret
	CAFile   string // of the broker's certificate; empty: the system's authorities
	CertFile string // client certificate, with KeyFile
	KeyFile  string

	Listen   string // host:port of the embedded broker, on loopback
	MaxBytes int64  // what the embedded broker may keep, in bytes
}

// Embedded says whether the broker runs in this process.
func (b *Broker) Embedded() bool { return b.URL == "" }

// leastStore is what a store needs to work at all: some files of its log and tables.
const leastStore = 64 << 20

// mostStore is beyond any disk.
const mostStore = 1 << 50

func readBroker(s *section, b *Broker) {
	s.address("url", &b.URL, "tcp://", "ssl://", "ws://", "wss://")
	take(s, "client_id", &b.ClientID, parseClientID)
	take(s, "user", &b.User, oneLine)
	s.secret("password", &b.Password)
	s.file("ca_file", &b.CAFile)
	s.file("cert_file", &b.CertFile)
	s.file("key_file", &b.KeyFile)
	take(s, "listen", &b.Listen, loopback("egret gives its stations no passwords yet; listen on 127.0.0.1 and put a proxy that authenticates before it, use an ssh tunnel, or set broker.url to a broker of your own"))
	take(s, "max_bytes", &b.MaxBytes, sizeWithin(leastStore, mostStore))
	s.close()
	checkBroker(s, b)
}

func checkBroker(s *section, b *Broker) {
	if s.faulty["url"] {
		return
	}
	if b.Embedded() {
		s.needless("without url the broker in this process is used, which it does not reach; remove it or add url",
			"user", "password", "password_file", "ca_file", "cert_file", "key_file")
		return
	}
	s.needless("belongs to the broker in this process, which url replaces; remove one of the two", "listen", "max_bytes")
	u, err := url.Parse(b.URL)
	if err != nil {
		return
	}
	plain := u.Scheme == "tcp" || u.Scheme == "ws"
	if plain {
		s.needless("needs an encrypted connection; use ssl:// or wss:// in url or remove it", "ca_file", "cert_file", "key_file")
	}
	if u.Port() == "" && (u.Scheme == "tcp" || u.Scheme == "ssl") {
		s.problem("url", "%s: has no port; add it, usually :1883 for tcp:// and :8883 for ssl://", shown(concealed(b.URL)))
	}
	switch {
	case s.faulty["cert_file"] || s.faulty["key_file"]:
	case b.CertFile != "" && b.KeyFile == "":
		s.problem("cert_file", "stands without key_file; a client certificate needs both")
	case b.KeyFile != "" && b.CertFile == "":
		s.problem("key_file", "stands without cert_file; a client certificate needs both")
	}
	for _, key := range []string{"password", "password_file"} {
		if _, given := s.field(key); given && b.User == "" && !s.faulty["user"] {
			s.problem(key, "stands without user; add it")
		}
	}
}

// needless reports those of the fields that are given though they have no effect.
func (s *section) needless(why string, keys ...string) {
	for _, key := range keys {
		if _, given := s.field(key); given {
			s.problem(key, "%s", why)
		}
	}
}

// file reads the name of a file that must be there.
func (s *section) file(key string, to *string) {
	take(s, key, to, func(name string) (string, error) {
		path := s.document.path(name)
		return path, checkFile(path)
	})
}

// parseClientID refuses the empty id, with which the broker would keep no session.
func parseClientID(text string) (string, error) {
	if text == "" || len(text) > 128 || strings.ContainsAny(text, " +#/") {
		return "", errors.New("is not a client id; write 1 to 128 characters without blanks and without + # /")
	}
	return text, nil
}
