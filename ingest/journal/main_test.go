package journal

import (
	"context"
	"fmt"
	"os"
	"testing"

	"egret/ingest/reading"
)

// appendEnv names a data directory in the environment of a child process that appends to its journal until it is killed.
const appendEnv = "EGRET_TEST_APPEND"

func TestMain(m *testing.M) {
	if directory := os.Getenv(appendEnv); directory != "" {
		appendForEver(directory)
	}
	os.Exit(m.Run())
}

// appendForEver prints the sequence that each durable step has reached.
func appendForEver(directory string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	db, err := openStore(directory, nil)
	fail(err)
	j, err := OpenLocal(db, directory, 0)
	fail(err)
	for step := 0; ; step++ {
		records := make([]reading.Record, 10)
		for i := range records {
			records[i] = message(step*len(records) + i)
		}
		head, err := j.Append(context.Background(), records, nil)
		fail(err)
		fmt.Println(head.Sequence)
	}
}
