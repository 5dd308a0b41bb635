package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stdin is the name of a file that is read from standard input.
const Stdin = "-"

// ReadFile reads the file with the name, or stdin where it is [Stdin], to its end. The error says which file cannot be
// read, or is no table, and what to do; single cells and rows are reported instead.
func (t *Table) ReadFile(name string, stdin io.Reader) error {
	if name == Stdin {
		return t.Read("standard input", stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	defer file.Close()
	return t.Read(name, file)
}

// bufferBytes is read at a time.
const bufferBytes = 256 << 10

var gzipMagic = []byte{0x1f, 0x8b}

// unpacked returns the text of a table: a gzip file is known by its content, and a byte order mark is left out.
func unpacked(from io.Reader) (*bufio.Reader, error) {
	text := bufio.NewReaderSize(from, bufferBytes)
	if start, _ := text.Peek(len(gzipMagic)); bytes.Equal(start, gzipMagic) {
		zipped, err := gzip.NewReader(text)
		if err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
		text = bufio.NewReaderSize(zipped, bufferBytes)
	}
	start, err := text.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, other := range []struct{ start, name string }{
		{"PK\x03\x04", "a spreadsheet or zip file: save it as CSV"},
		{"\xd0\xcf\x11\xe0", "an old spreadsheet: save it as CSV"},
		{"\xff\xfe", "in UTF-16: save it as CSV in UTF-8"},
		{"\xfe\xff", "in UTF-16: save it as CSV in UTF-8"},
		{"<", "a web page: download the table itself"},
	} {
		if bytes.HasPrefix(start, []byte(other.start)) {
			return nil, fmt.Errorf("it is %s", other.name)
		}
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		_, err := text.Discard(3)
		return text, err
	}
	return text, nil
}
