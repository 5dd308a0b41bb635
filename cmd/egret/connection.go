package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"egret/rules/delivery"
)

// alertTopics is where Egret publishes its alerts.
const alertTopics = "alerts/"

func (s *service) brokerURL() string {
	if s.broker != nil {
		return s.broker.URL()
	}
	return s.config.Broker.URL
}

func (s *service) databaseURL() string {
	if s.database != nil {
		return s.database.URL()
	}
	return s.config.InfluxDB.URL
}

func (s *service) httpURL() string { return "http://" + s.listener.Addr().String() }

func (s *service) brokerAccount() (user, password string) {
	if s.broker != nil {
		return s.broker.Credentials()
	}
	return s.config.Broker.User, string(s.config.Broker.Password)
}

// openAlerts connects the channel that publishes alerts, a client of its own: a broker that holds back messages from
// stations must not hold back alerts.
func (s *service) openAlerts() (*delivery.MQTT, error) {
	security, err := s.tls()
	if err != nil {
		return nil, err
	}
	user, password := s.brokerAccount()
	return delivery.NewMQTT("mqtt", delivery.MQTTConfig{
		Broker: s.brokerURL(), ClientID: s.config.Broker.ClientID + "-alerts", User: user, Password: password, TLS: security, Connected: s.connected(),
	}), nil
}

// tls returns how to speak to a broker over TLS, nil where its address does not ask for it and no file is named.
func (s *service) tls() (*tls.Config, error) {
	b := s.config.Broker
	if b.CAFile == "" && b.CertFile == "" {
		return nil, nil
	}
	security := &tls.Config{MinVersion: tls.VersionTLS12}
	if b.CAFile != "" {
		authorities, err := os.ReadFile(b.CAFile)
		if err != nil {
			return nil, fmt.Errorf("broker.ca_file: %w", err)
		}
		security.RootCAs = x509.NewCertPool()
		if !security.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("broker.ca_file: %s holds no certificate in PEM form", b.CAFile)
		}
	}
	if b.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(b.CertFile, b.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("broker.cert_file, broker.key_file: %w", err)
		}
		security.Certificates = []tls.Certificate{certificate}
	}
	return security, nil
}
