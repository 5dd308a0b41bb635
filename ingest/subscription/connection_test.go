package subscription

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
)

// counted counts the reads of a connection.
type counted struct {
	net.Conn
	reads int
}

func (c *counted) Read(to []byte) (int, error) {
	c.reads++
	return c.Conn.Read(to)
}

func TestWhatHasComeIsReadAtOnce(t *testing.T) {
	broker, egret := net.Pipe()
	sent := bytes.Repeat([]byte("PUBLISH."), 100)
	go func() {
		_, _ = broker.Write(sent)
		broker.Close()
	}()
	below := &counted{Conn: egret}
	connection := &buffered{Conn: below, reader: bufio.NewReaderSize(below, readBytes)}
	got := make([]byte, len(sent))
	for i := range got {
		if _, err := io.ReadFull(connection, got[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, sent) || below.reads != 1 {
		t.Errorf("%d bytes took %d reads; the same bytes: %t", len(got), below.reads, bytes.Equal(got, sent))
	}
	if _, err := connection.Read(got); err != io.EOF {
		t.Errorf("after the broker has closed: %v", err)
	}
}
