package reading

import "fmt"

// Domain says which kind of environment a parameter describes. Its name is the InfluxDB measurement.
type Domain uint8

// The domains. Indicator holds figures that departments report against a plan.
const (
	Air Domain = iota + 1
	Water
	Noise
	Indicator
)

var domainNames = [...]string{Air: "air", Water: "water", Noise: "noise", Indicator: "indicator"}

// Domains lists all domains in their fixed order.
var Domains = []Domain{Air, Water, Noise, Indicator}

// String returns the measurement's name, "" for the zero Domain.
func (d Domain) String() string {
	if int(d) < len(domainNames) {
		return domainNames[d]
	}
	return fmt.Sprintf("domain(%d)", uint8(d))
}

// ParseDomain reads a domain's name.
func ParseDomain(name string) (Domain, error) {
	for _, d := range Domains {
		if domainNames[d] == name {
			return d, nil
		}
	}
	return 0, fmt.Errorf("domain %q is not known: use air, water, noise or indicator", name)
}
