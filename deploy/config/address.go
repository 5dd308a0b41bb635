package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// loopback reads the host:port of a listener. Addresses that other machines reach are refused with the reason and
// the remedy in instead.
func loopback(instead string) func(string) (string, error) {
	return func(text string) (string, error) {
		if _, err := parseHostPort(text); err != nil || isLoopback(text) {
			return text, err
		}
		return "", fmt.Errorf("can be reached from other machines, and %s", instead)
	}
}

// parseHostPort reads the host:port of a listener; without a host all addresses of the machine are meant.
func parseHostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", errors.New("is not host:port; write an address such as 127.0.0.1:8080")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", errors.New("has no port from 0 to 65535; write an address such as 127.0.0.1:8080")
	}
	return text, nil
}

// isLoopback says whether only this machine reaches the address.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}

// listener is a section with the address that its server will listen on.
type listener struct {
	section *section
	address string
}

// checkSameAddress reports listeners of this process that want the same port.
func checkSameAddress(listeners []listener) {
	for i, a := range listeners {
		for _, b := range listeners[:i] {
			if !sameAddress(a.address, b.address) {
				continue
			}
			if _, written := a.section.fields["listen"]; !written { // say it where somebody wrote something
				a, b = b, a
			}
			a.section.problem("listen", "%s: is the address of %s.listen too; give each its own port", shown(a.address), b.section.path)
		}
	}
}

func sameAddress(a, b string) bool {
	hostA, portA, _ := net.SplitHostPort(a)
	hostB, portB, _ := net.SplitHostPort(b)
	if portA != portB || portA == "0" {
		return false
	}
	same := func(host string) string { return strings.Replace(host, "localhost", "127.0.0.1", 1) }
	return same(hostA) == same(hostB) || isEvery(hostA) || isEvery(hostB)
}

// isEvery says whether a host stands for all addresses of the machine.
func isEvery(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || (err == nil && ip.IsUnspecified())
}

// address reads the URL of a server. Its messages leave out what may be secret in a URL.
func (s *section) address(key string, to *string, schemes ...string) {
	written, text, ok := s.scalar(key)
	if !ok {
		return
	}
	if err := checkURL(text, schemes); err != nil && text != "" { // an empty one chooses the embedded server
		s.problem(key, "%s: %s", shown(concealed(written)), err)
		return
	}
	*to = text
}

func checkURL(text string, schemes []string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || !slices.Contains(schemes, u.Scheme+"://"):
		return fmt.Errorf("is not the URL of a server; start it with %s and the host", alternatives(schemes))
	case u.User != nil:
		return errors.New("holds a user or a password; write them in fields of their own, where they stay hidden")
	case u.Fragment != "":
		return errors.New("holds a #; remove what follows it")
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && err != nil {
		return errors.New("has no port from 0 to 65535")
	}
	return nil
}

// concealed cuts off what may be secret: all before an @ and all after a question mark.
func concealed(address string) string {
	address, _, _ = strings.Cut(address, "?")
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		return "…" + address[at:]
	}
	return address
}
