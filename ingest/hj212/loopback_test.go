package hj212

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"egret/ingest/intake"

	"github.com/prometheus/client_golang/prometheus"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func dial(t *testing.T, b *bench) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", b.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

func write(t *testing.T, to io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(to, text); err != nil {
		t.Fatal(err)
	}
}

func wantLine(t *testing.T, from *bufio.Reader, want string) {
	t.Helper()
	if got, err := from.ReadString('\n'); got != want || err != nil {
		t.Errorf("heard %q, %v, want %q", got, err, want)
	}
}

func TestOverTCP(t *testing.T) {
	b := newBench(t, listen(t), nil)
	defer b.stop()
	conn := dial(t, b)
	answers := bufio.NewReader(conn)

	write(t, conn, upload("001")) // one frame
	if m := b.acknowledge(); m.Source != Source+mn {
		t.Errorf("it is of %s", m.Source)
	}
	wantLine(t, answers, receipt("001"))

	write(t, conn, upload("002")+upload("003")) // two in one segment
	b.acknowledge()
	b.acknowledge()
	wantLine(t, answers, receipt("002"))
	wantLine(t, answers, receipt("003"))

	text := upload("004") + "rubbish" + upload("005")
	for i := range text { // each byte in a segment of its own: Go's connections do not wait for more
		write(t, conn, text[i:i+1])
	}
	if m := b.acknowledge(); string(m.Payload)+"\r\n" != upload("004") {
		t.Errorf("offered is %q", m.Payload)
	}
	var between strings.Builder // comes in one piece or in several
	for between.String() != "rubbish" {
		m := b.acknowledge()
		if m.Source != Source+"127.0.0.1" {
			t.Fatalf("%q is of %s", m.Payload, m.Source)
		}
		between.Write(m.Payload)
	}
	b.acknowledge()
	wantLine(t, answers, receipt("004"))
	wantLine(t, answers, receipt("005"))

	write(t, conn, upload("006"))
	m := <-b.came
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	m.Acknowledge() // after the logger has said that nothing more comes
	wantLine(t, answers, receipt("006"))
	if rest, err := answers.ReadString('\n'); err != io.EOF || rest != "" {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

func TestOverTLS(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	listener := listen(t)
	address := listener.Addr().String()
	b := newBench(t, tls.NewListener(listener, &tls.Config{Certificates: web.TLS.Certificates}), nil)
	defer b.stop()

	plain, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	write(t, plain, upload("001"))
	if _, err := io.ReadAll(plain); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("a logger without TLS: %v", err)
	}

	trusted := x509.NewCertPool()
	trusted.AddCert(web.Certificate())
	secured, err := tls.Dial("tcp", address, &tls.Config{RootCAs: trusted, ServerName: "example.com"})
	if err != nil {
		t.Fatal(err)
	}
	defer secured.Close()
	write(t, secured, upload("002"))
	b.acknowledge()
	wantLine(t, bufio.NewReader(secured), receipt("002"))
	if len(b.came) > 0 {
		t.Error("something was taken from the logger without TLS")
	}
}

// BenchmarkFrame is the way of a frame over loopback TCP and of its answer back, with an intake that costs nothing.
func BenchmarkFrame(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	take := func(_ context.Context, m intake.Message) error {
		m.Acknowledge()
		return nil
	}
	server := New(listener, testConfig(), take, NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _ = server.Run(ctx) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	const ahead = 32
	frames := []byte(strings.Repeat(upload("001"), ahead))
	answers := make([]byte, ahead*len(receipt("001")))
	b.SetBytes(int64(len(upload("001"))))
	b.ReportAllocs()
	for sent := 0; sent < b.N; sent += ahead {
		if _, err := conn.Write(frames); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(conn, answers); err != nil {
			b.Fatal(err)
		}
	}
}
