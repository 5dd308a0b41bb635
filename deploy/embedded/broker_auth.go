package embedded

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nats-io/nats-server/v2/server"
)

const brokerUser = "egret"

// brokerGate decides who may connect: Egret's own account always, everybody else once admitted is true.
type brokerGate struct {
	password string
	admitted atomic.Bool
	waiting  sync.Once // one line in the log for all stations that come too early
	log      *slog.Logger

	mu  sync.Mutex
	own map[string]bool // client ids that Egret's account has used
}

func newBrokerGate(log *slog.Logger) *brokerGate {
	return &brokerGate{password: rand.Text(), log: log, own: map[string]bool{}}
}

// Check is called by the server for every CONNECT. Sessions belong to a client id, whoever uses it: a station with
// Egret's client id could read, or with a clean session erase, everything that waits for Egret.
func (g *brokerGate) Check(client server.ClientAuthentication) bool {
	options, id := client.GetOpts(), brokerClientID(client)
	if options.Username == brokerUser {
		if subtle.ConstantTimeCompare([]byte(options.Password), []byte(g.password)) != 1 {
			g.log.Warn("embedded broker refused a wrong password for Egret's own account", "address", client.RemoteAddress())
			return false
		}
		g.claim(id)
		client.RegisterUser(&server.User{Username: brokerUser})
		return true
	}
	if !g.admitted.Load() {
		g.waiting.Do(func() { g.log.Info("embedded broker refuses stations until Egret has subscribed") })
		return false
	}
	if g.claimed(id) {
		g.log.Warn("embedded broker refused a station with Egret's client id; give it another", "client", id, "address", client.RemoteAddress())
		return false
	}
	client.RegisterUser(&server.User{Username: options.Username, Permissions: brokerStationPermissions()})
	return true
}

func (g *brokerGate) claim(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.own[id] = true
}

func (g *brokerGate) claimed(id string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.own[id]
}

// brokerClientID takes the MQTT client id out of the connection's name (127.0.0.1:4321 - mid:7 - "id"): the server
// has no other way to tell it before the connection is accepted.
func brokerClientID(client server.ClientAuthentication) string {
	named, ok := client.(fmt.Stringer)
	if !ok {
		return ""
	}
	_, quoted, _ := strings.Cut(named.String(), ` - "`)
	id, err := strconv.Unquote(`"` + quoted)
	if err != nil {
		return ""
	}
	return id
}

// brokerStationPermissions: publish anything except alerts and the topics behind which the server keeps its own
// interfaces; subscribe to alerts only. Subjects are topics with / written as a point. The server itself allows the
// internal subjects that an MQTT session needs.
func brokerStationPermissions() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Deny: []string{
			"alerts", "alerts.>",
			"$SYS.>", "$JS.>", "$MQTT.>", "$KV.>", "$O.>", "$G.>", "$NRG.>", "$GR.>", "$GNR.>", "$LDS.>", "_GR_.>", "_R_.>", "_INBOX.>",
		}},
		Subscribe: &server.SubjectPermission{Allow: []string{"alerts", "alerts.>"}},
	}
}
